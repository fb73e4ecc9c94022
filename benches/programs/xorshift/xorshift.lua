local function xorshift(rounds)
  local state, sum = 2463534242, 0
  for _ = 1, rounds do
    state = state ~ (state << 13 & 0xffffffff)
    state = state ~ (state >> 17)
    state = state ~ (state << 5 & 0xffffffff)
    sum = sum + (state & 0xffff)
  end
  return sum
end

print(string.format("%d", xorshift(tonumber(arg[1]) or 150000000)))
