-- Turns the front of q round until 1 comes first; first is its first number, which is not kept up to date in q.
local function count_flips(q, first)
  local flips = 1
  while true do
    local next = q[first]
    if next == 1 then return flips end
    q[first] = first
    if first >= 4 then
      local i, j = 2, first - 1
      repeat
        q[i], q[j] = q[j], q[i]
        i, j = i + 1, j - 1
      until i >= j
    end
    first, flips = next, flips + 1
  end
end

local function fannkuch(n)
  local p, q, s = {}, {}, {}
  for i = 1, n do p[i], q[i], s[i] = i, i, i end
  local sign, sum, most = 1, 0, 0
  while true do
    local first = p[1]
    if first ~= 1 then
      for i = 2, n do q[i] = p[i] end
      local flips = count_flips(q, first)
      if flips > most then most = flips end
      sum = sum + sign * flips
    end
    if sign == 1 then
      p[1], p[2] = p[2], p[1]
      sign = -1
    else
      p[2], p[3] = p[3], p[2]
      sign = 1
      for i = 3, n do
        local left = s[i]
        if left ~= 1 then
          s[i] = left - 1
          break
        end
        if i == n then return sum, most end
        s[i] = i
        local head = p[1]
        for j = 1, i do p[j] = p[j + 1] end
        p[i + 1] = head
      end
    end
  end
end

local total, most = 0, 0
for _ = 1, tonumber(arg[1]) or 20 do
  local sum, flips = fannkuch(9)
  total = total + sum
  most = math.max(most, flips)
end
print(string.format("%d\n%d", total, most))
