local HALT, PUSH, LOAD, STORE, ADD, MULTIPLY, REMAINDER, LESS, JUMP, JUMP_IF_ZERO = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9

-- i = 0; a = 0; while (i < turns) { a = (a * 3 + i) % 1000003; i = i + 1 }; a
local function compile(turns)
  local operations, arguments = {}, {}
  local function add(operation, argument)
    operations[#operations + 1] = operation
    arguments[#arguments + 1] = argument or 0
  end
  add(LOAD, 1) -- 1: while (i < turns)
  add(PUSH, turns)
  add(LESS)
  add(JUMP_IF_ZERO, 18)
  add(LOAD, 2) -- 5: a = (a * 3 + i) % 1000003
  add(PUSH, 3)
  add(MULTIPLY)
  add(LOAD, 1)
  add(ADD)
  add(PUSH, 1000003)
  add(REMAINDER)
  add(STORE, 2)
  add(LOAD, 1) -- 13: i = i + 1
  add(PUSH, 1)
  add(ADD)
  add(STORE, 1)
  add(JUMP, 1)
  add(LOAD, 2) -- 18: a
  add(HALT)
  return operations, arguments
end

-- Runs the code; gives what is left on the stack. The operations are asked for in the order of how common they are.
local function execute(operations, arguments)
  local stack, variables, pc, top = {}, { 0, 0 }, 1, 0
  while true do
    local operation, argument = operations[pc], arguments[pc]
    pc = pc + 1
    if operation == LOAD then
      top = top + 1
      stack[top] = variables[argument]
    elseif operation == PUSH then
      top = top + 1
      stack[top] = argument
    elseif operation == STORE then
      variables[argument] = stack[top]
      top = top - 1
    elseif operation == ADD then
      local b = stack[top]
      top = top - 1
      stack[top] = stack[top] + b
    elseif operation == MULTIPLY then
      local b = stack[top]
      top = top - 1
      stack[top] = stack[top] * b
    elseif operation == REMAINDER then
      local b = stack[top]
      top = top - 1
      stack[top] = stack[top] % b
    elseif operation == LESS then
      local b = stack[top]
      top = top - 1
      stack[top] = stack[top] < b and 1 or 0
    elseif operation == JUMP_IF_ZERO then
      if stack[top] == 0 then pc = argument end
      top = top - 1
    elseif operation == JUMP then
      pc = argument
    else
      return stack[top]
    end
  end
end

print(string.format("%d", execute(compile(tonumber(arg[1]) or 5000000))))
