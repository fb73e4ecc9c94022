local function element(i, j)
  local sum = i + j - 1
  return 1.0 / (sum * (sum - 1) * 0.5 + i)
end

local function multiply(v, result)
  local n = #v
  for i = 1, n do
    local sum = 0.0
    for j = 1, n do sum = sum + element(i, j) * v[j] end
    result[i] = sum
  end
end

local function multiply_transposed(v, result)
  local n = #v
  for i = 1, n do
    local sum = 0.0
    for j = 1, n do sum = sum + element(j, i) * v[j] end
    result[i] = sum
  end
end

local function multiply_both(v, result, between)
  multiply(v, between)
  multiply_transposed(between, result)
end

local function spectral_norm(n)
  local u, v, t = {}, {}, {}
  for i = 1, n do u[i] = 1.0 end
  for _ = 1, 10 do
    multiply_both(u, v, t)
    multiply_both(v, u, t)
  end
  local vbv, vv = 0.0, 0.0
  for i = 1, n do
    local x, y = u[i], v[i]
    vbv = vbv + x * y
    vv = vv + y * y
  end
  return math.sqrt(vbv / vv)
end

print(string.format("%.9f", spectral_norm(tonumber(arg[1]) or 1500)))
