// Means, deviations and correlations of pairs of numbers; those that are not finite are left out.

/** `{ means, deviations, correlation }` of `[a, b]` each. */
export function momentsOf(pairs) {
  const whole = pairs.filter(pair => pair.every(Number.isFinite));
  const mean = of => whole.reduce((sum, pair) => sum + of(pair), 0) / whole.length;
  const means = [mean(([a]) => a), mean(([, b]) => b)];
  const deviations = [0, 1].map(i => Math.sqrt(mean(pair => (pair[i] - means[i]) ** 2)));
  return { means, deviations, correlation: mean(([a, b]) => (a - means[0]) * (b - means[1])) / (deviations[0] * deviations[1]) };
}

export const correlation = pairs => momentsOf(pairs).correlation;
