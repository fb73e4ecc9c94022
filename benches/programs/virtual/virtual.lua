local Constant = {}
Constant.__index = Constant

function Constant.new(value)
  return setmetatable({ value = value }, Constant)
end

function Constant:evaluate(x)
  return self.value
end

local Variable = {}
Variable.__index = Variable

function Variable.new()
  return setmetatable({}, Variable)
end

function Variable:evaluate(x)
  return x
end

local Sum = {}
Sum.__index = Sum

function Sum.new(left, right)
  return setmetatable({ left = left, right = right }, Sum)
end

function Sum:evaluate(x)
  return self.left:evaluate(x) + self.right:evaluate(x)
end

local Product = {}
Product.__index = Product

function Product.new(left, right)
  return setmetatable({ left = left, right = right }, Product)
end

function Product:evaluate(x)
  return self.left:evaluate(x) * self.right:evaluate(x)
end

-- 1 + x (2 + x (3 + …)) to the degree given.
local function polynomial(degree)
  local result = Constant.new(degree + 1.0)
  for value = degree, 1, -1 do
    result = Sum.new(Constant.new(value + 0.0), Product.new(Variable.new(), result))
  end
  return result
end

local n = tonumber(arg[1]) or 1500000
local expression, sum = polynomial(12), 0.0
for i = 0, n - 1 do sum = sum + expression:evaluate(i / n) end
print(string.format("%.6f", sum))
