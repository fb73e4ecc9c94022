local Add = {}
Add.__index = Add

function Add.new(amount)
  return setmetatable({ amount = amount }, Add)
end

function Add:apply(x)
  return x + self.amount
end

local Scale = {}
Scale.__index = Scale

function Scale.new(factor)
  return setmetatable({ factor = factor }, Scale)
end

function Scale:apply(x)
  return x * self.factor
end

-- Keeps numbers below a limit.
local Wrap = {}
Wrap.__index = Wrap

function Wrap.new(limit)
  return setmetatable({ limit = limit }, Wrap)
end

function Wrap:apply(x)
  if x < self.limit then return x end
  return x % self.limit
end

-- Counts what comes by, which it does not change.
local Count = {}
Count.__index = Count

function Count.new()
  local stage = setmetatable({}, Count)
  stage:reset()
  return stage
end

function Count:reset()
  self.count = 0
end

function Count:apply(x)
  self.count = self.count + 1
  return x
end

local function apply_all(stages, x)
  for i = 1, #stages do x = stages[i]:apply(x) end
  return x
end

local count = Count.new()
local stages = { count, Scale.new(31), Add.new(17), Wrap.new(10007), count, Add.new(5), Scale.new(7), Wrap.new(1009) }
local x = 0
for _ = 1, tonumber(arg[1]) or 6000000 do x = apply_all(stages, x) end
print(string.format("%d\n%d", x, count.count))
