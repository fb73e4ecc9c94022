local Map = {}
Map.__index = Map

local function reset(map, capacity)
  local keys, values = {}, {}
  for i = 0, capacity - 1 do keys[i], values[i] = -1, 0 end
  map.keys, map.values, map.used, map.mask = keys, values, 0, capacity - 1
  return map
end

local function new_map(capacity)
  return setmetatable(reset({}, capacity), Map)
end

local function find(map, key)
  local keys, mask = map.keys, map.mask
  local at = key * 40503 & mask
  local found = keys[at]
  while found ~= key and found ~= -1 do
    at = at + 1 & mask
    found = keys[at]
  end
  return at
end

function Map:get(key)
  return self.values[find(self, key)]
end

function Map:put(key, value)
  local at = find(self, key)
  self.values[at] = value
  local keys = self.keys
  if keys[at] ~= key then
    keys[at] = key
    self.used = self.used + 1
    if self.used * 2 > self.mask + 1 then self:grow() end
  end
end

function Map:grow()
  local keys, values, capacity = self.keys, self.values, self.mask + 1
  reset(self, capacity * 2)
  for i = 0, capacity - 1 do
    if keys[i] ~= -1 then self:put(keys[i], values[i]) end
  end
end

local map, key, most = new_map(16), 42, 0
for _ = 1, tonumber(arg[1]) or 20000000 do
  key = (key * 211 + 1663) % 7875
  local count = map:get(key) + 1
  map:put(key, count)
  if count > most then most = count end
end
print(string.format("%d\n%d", map.used, most))
