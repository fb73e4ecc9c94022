#include <stdio.h>
#include <stdlib.h>

enum operation { HALT, PUSH, LOAD, STORE, ADD, MULTIPLY, REMAINDER, LESS, JUMP, JUMP_IF_ZERO };

struct instruction {
    enum operation operation;
    long argument;
};

/* Runs the code; gives what is left on the stack. */
static long execute(const struct instruction *code) {
    long stack[16], variables[4] = {0};
    int pc = 0, top = -1;
    for (;;) {
        enum operation operation = code[pc].operation;
        long argument = code[pc].argument, b;
        pc++;
        switch (operation) {
        case PUSH:
            stack[++top] = argument;
            break;
        case LOAD:
            stack[++top] = variables[argument];
            break;
        case STORE:
            variables[argument] = stack[top--];
            break;
        case ADD:
            b = stack[top--];
            stack[top] += b;
            break;
        case MULTIPLY:
            b = stack[top--];
            stack[top] *= b;
            break;
        case REMAINDER:
            b = stack[top--];
            stack[top] %= b;
            break;
        case LESS:
            b = stack[top--];
            stack[top] = stack[top] < b;
            break;
        case JUMP:
            pc = argument;
            break;
        case JUMP_IF_ZERO:
            if (stack[top--] == 0) pc = argument;
            break;
        case HALT:
            return stack[top];
        }
    }
}

int main(int argc, char **argv) {
    long turns = argc > 1 ? atol(argv[1]) : 5000000;
    /* i = 0; a = 0; while (i < turns) { a = (a * 3 + i) % 1000003; i = i + 1 }; a */
    const struct instruction code[] = {
        {LOAD, 0}, {PUSH, turns}, {LESS, 0},     {JUMP_IF_ZERO, 17},
        {LOAD, 1}, {PUSH, 3},     {MULTIPLY, 0}, {LOAD, 0},          {ADD, 0},  {PUSH, 1000003}, {REMAINDER, 0}, {STORE, 1},
        {LOAD, 0}, {PUSH, 1},     {ADD, 0},      {STORE, 0},         {JUMP, 0},
        {LOAD, 1}, {HALT, 0},
    };
    printf("%ld\n", execute(code));
    return 0;
}
