local counts, used, key, most = {}, 0, 42, 0
for _ = 1, tonumber(arg[1]) or 20000000 do
  key = (key * 211 + 1663) % 7875
  local count = counts[key]
  if not count then
    used = used + 1
    count = 0
  end
  count = count + 1
  counts[key] = count
  if count > most then most = count end
end
print(string.format("%d\n%d", used, most))
