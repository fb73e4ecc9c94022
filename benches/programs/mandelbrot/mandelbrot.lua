local function escape(cr, ci)
  local zr, zi, rr, ii = 0.0, 0.0, 0.0, 0.0
  for i = 1, 100 do
    zi = 2.0 * zr * zi + ci
    zr = rr - ii + cr
    rr = zr * zr
    ii = zi * zi
    if rr + ii > 4.0 then return i end
  end
  return 100
end

local function mandelbrot(n)
  local total = 0
  for y = 0, n - 1 do
    local ci = 2.0 * y / n - 1.0
    for x = 0, n - 1 do
      total = total + escape(2.0 * x / n - 1.5, ci)
    end
  end
  return total
end

print(string.format("%d", mandelbrot(tonumber(arg[1]) or 1800)))
