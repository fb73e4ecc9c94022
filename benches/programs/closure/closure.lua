local function adder(amount)
  return function(x) return x + amount end
end

local function scaler(factor)
  return function(x) return x * factor end
end

local function wrapper(limit)
  return function(x)
    if x < limit then return x end
    return x % limit
  end
end

-- The function that applies one after the other.
local function compose(first, second)
  return function(x) return second(first(x)) end
end

local all = compose(
  compose(compose(scaler(31), adder(17)), compose(wrapper(10007), adder(5))),
  compose(compose(scaler(7), adder(3)), compose(wrapper(5003), wrapper(1009)))
)
local x = 0
for _ = 1, tonumber(arg[1]) or 8000000 do x = all(x) end
print(string.format("%d", x))
