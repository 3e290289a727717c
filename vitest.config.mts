import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'],
    environment: 'node',
    // A request to anything but loopback must fail loudly; the setup file sees to it.
    setupFiles: ['test/support/onlyLoopback.ts'],
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
