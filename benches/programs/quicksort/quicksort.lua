local floor = math.floor

-- Fills the array with numbers of Park and Miller's generator, from the one after `number` on; gives the last.
local function fill(numbers, number)
  for i = 1, 100000 do
    number = number * 16807 % 2147483647
    numbers[i] = number
  end
  return number
end

-- Sorts the numbers from low to high, both included.
local function quicksort(numbers, low, high)
  while low < high do
    local pivot, i, j = numbers[floor((low + high) / 2)], low, high
    repeat
      while numbers[i] < pivot do i = i + 1 end
      while numbers[j] > pivot do j = j - 1 end
      if i <= j then
        numbers[i], numbers[j] = numbers[j], numbers[i]
        i, j = i + 1, j - 1
      end
    until i > j
    -- The smaller part by recursion, the larger one in the loop.
    if j - low < high - i then
      quicksort(numbers, low, j)
      low = i
    else
      quicksort(numbers, i, high)
      high = j
    end
  end
end

local numbers, seed, sum = {}, 42, 0
for _ = 1, tonumber(arg[1]) or 60 do
  seed = fill(numbers, seed)
  quicksort(numbers, 1, 100000)
  sum = sum + numbers[1] + numbers[50001] + numbers[100000]
end
print(string.format("%d", sum))
