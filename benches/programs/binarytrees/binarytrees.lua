local function build(depth)
  if depth <= 0 then return {} end
  return { build(depth - 1), build(depth - 1) }
end

local function count_nodes(node)
  local left = node[1]
  if not left then return 1 end
  return count_nodes(left) + count_nodes(node[2]) + 1
end

local function print_line(depth, nodes)
  print(string.format("%d %d", depth, nodes))
end

local deepest = tonumber(arg[1]) or 17
print_line(deepest + 1, count_nodes(build(deepest + 1)))
local long_lived = build(deepest)
for depth = 4, deepest, 2 do
  local sum = 0
  for _ = 1, 2 ^ (deepest - depth + 4) do sum = sum + count_nodes(build(depth)) end
  print_line(depth, sum)
end
print_line(deepest, count_nodes(long_lived))
