local floor = math.floor

-- Fills the array with numbers of Park and Miller's generator, from the one after `number` on; gives the last.
local function fill(numbers, number)
  for i = 1, 100000 do
    number = number * 16807 % 2147483647
    numbers[i] = number
  end
  return number
end

-- Puts a number in its place at `at` or below, in a heap of `count`.
local function sift_down(heap, at, count, number)
  while true do
    local child = 2 * at
    if child > count then break end
    local a = heap[child]
    local other = child + 1
    if other <= count then
      local b = heap[other]
      if b > a then
        child, a = other, b
      end
    end
    if number >= a then break end
    heap[at] = a
    at = child
  end
  heap[at] = number
end

local function heapsort(numbers)
  local count = #numbers
  for i = floor(count / 2), 1, -1 do sift_down(numbers, i, count, numbers[i]) end
  for i = count, 2, -1 do
    local number = numbers[i]
    numbers[i] = numbers[1]
    sift_down(numbers, 1, i - 1, number)
  end
end

local numbers, seed, sum = {}, 42, 0
for _ = 1, tonumber(arg[1]) or 40 do
  seed = fill(numbers, seed)
  heapsort(numbers)
  sum = sum + numbers[1] + numbers[50001] + numbers[100000]
end
print(string.format("%d", sum))
