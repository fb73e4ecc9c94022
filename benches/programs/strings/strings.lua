local sub, concat = string.sub, table.concat
local sevens = 0

local function make_list(first)
  local parts = {}
  for i = 1, 1000 do
    local part = "item" .. first + i - 1
    if sub(part, -1) == "7" then sevens = sevens + 1 end
    parts[i] = part
  end
  return concat(parts, ",")
end

local total = 0
for round = 0, (tonumber(arg[1]) or 6500) - 1 do total = total + #make_list(round * 1000) end
print(string.format("%d\n%d", total, sevens))
