-- Throws a failure if n is odd, depth frames further down.
local function descend(depth, n)
  if depth == 0 then
    if n % 2 ~= 0 then error({ code = n }) end
    return n
  end
  return descend(depth - 1, n) + 1
end

-- What comes back, or the code of the failure doubled.
local function attempt(n)
  local ok, result = pcall(descend, 8, n)
  if ok then return result end
  return result.code * 2
end

local sum = 0
for i = 0, (tonumber(arg[1]) or 7000000) - 1 do sum = sum + attempt(i) end
print(string.format("%d", sum))
