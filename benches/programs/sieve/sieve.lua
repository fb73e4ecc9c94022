local function sieve(limit)
  local composite = {}
  for i = 1, limit - 1 do composite[i] = false end
  local count = 0
  for i = 2, limit - 1 do
    if not composite[i] then
      count = count + 1
      for j = i * i, limit - 1, i do composite[j] = true end
    end
  end
  return count
end

local sum = 0
for _ = 1, tonumber(arg[1]) or 160 do sum = sum + sieve(1000000) end
print(string.format("%d", sum))
