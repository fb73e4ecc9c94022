local function make(n)
  local rows, scale = {}, 1 / n
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = scale * (i - j) * (i + j - 2) end
    rows[i] = row
  end
  return rows
end

local function transpose(a)
  local n, rows = #a, {}
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = a[j][i] end
    rows[i] = row
  end
  return rows
end

local function multiply(a, b)
  local n, columns, rows = #a, transpose(b), {}
  for i = 1, n do
    local row, result = a[i], {}
    for j = 1, n do
      local column, sum = columns[j], 0.0
      for k = 1, n do sum = sum + row[k] * column[k] end
      result[j] = sum
    end
    rows[i] = result
  end
  return rows
end

local n = tonumber(arg[1]) or 600
local middle = math.floor(n / 2) + 1
print(string.format("%.6f", multiply(make(n), make(n))[middle][middle]))
