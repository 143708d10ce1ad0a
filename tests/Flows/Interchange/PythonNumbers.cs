namespace FlowGrain.Tests.Flows.Interchange;

/// <summary>The arithmetic of both libraries in plain loops over float64, written from their formulas and not from our code.</summary>
internal static class PythonNumbers
{
    internal static double[] Relu(double[] h) => [.. h.Select(value => Math.Max(value, 0))];

    internal static double[] Plus(double[] a, double[] b) => [.. a.Zip(b, (left, right) => left + right)];

    internal static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    internal static double SoftClip(double x, double bound) => x / (1 + Math.Abs(x / bound));

    internal static double[] Softmax(double[] logits)
    {
        double[] powers = [.. logits.Select(logit => Math.Exp(logit - logits.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    /// <summary>A rational-quadratic spline of [−B, B] by the formula of Durkan et al., and the identity outside.</summary>
    internal static (double Y, double LogSlope) Spline(double x, double[] widths, double[] heights, double[] slopes, double bound)
    {
        if (Math.Abs(x) > bound) return (x, 0);
        var (x0, y0, k) = (-bound, -bound, 0);
        while (k < widths.Length - 1 && x0 + 2 * bound * widths[k] < x) (x0, y0, k) = (x0 + 2 * bound * widths[k], y0 + 2 * bound * heights[k], k + 1);
        var (w, h, d0, d1) = (2 * bound * widths[k], 2 * bound * heights[k], slopes[k], slopes[k + 1]);
        var (s, t) = (h / w, (x - x0) / w);
        var denominator = s + (d1 + d0 - 2 * s) * t * (1 - t);
        var slope = s * s * (d1 * t * t + 2 * s * t * (1 - t) + d0 * (1 - t) * (1 - t)) / (denominator * denominator);
        return (y0 + h * (s * t * t + d0 * t * (1 - t)) / denominator, Math.Log(slope));
    }
}
