local bit = require("bit")
local band, bxor, lshift, rshift = bit.band, bit.bxor, bit.lshift, bit.rshift

local function xorshift(rounds)
  local state, sum = 2463534242, 0
  for _ = 1, rounds do
    state = bxor(state, lshift(state, 13))
    state = bxor(state, rshift(state, 17))
    state = bxor(state, lshift(state, 5))
    sum = sum + band(state, 0xffff)
  end
  return sum
end

print(string.format("%d", xorshift(tonumber(arg[1]) or 150000000)))
