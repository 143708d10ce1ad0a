namespace FlowGrain.Serving;

/// <summary>A density on the line as straight lines between points at which its logarithm is known.</summary>
internal sealed class Trapezoids
{
    private readonly double[] _points;
    private readonly double[] _before; // mass below each point, the highest value being 1
    private readonly double _highest;

    /// <summary>Takes ascending points and logarithms, one of them finite.</summary>
    internal Trapezoids(double[] points, double[] logs)
    {
        (_points, _before, _highest) = (points, new double[points.Length], logs.Max());
        var weighted = 0.0;
        for (var i = 1; i < points.Length; i++)
        {
            var (left, right, half) = (Math.Exp(logs[i - 1] - _highest), Math.Exp(logs[i] - _highest), (points[i] - points[i - 1]) / 2);
            _before[i] = _before[i - 1] + half * (left + right);
            weighted += half * (Times(left, logs[i - 1]) + Times(right, logs[i]));
        }

        MeanLog = weighted / _before[^1];
    }

    /// <summary>The logarithm of its integral.</summary>
    internal double LogIntegral => _highest + Math.Log(_before[^1]);

    /// <summary>The mean of its logarithm over itself, as it was given and not divided by the integral.</summary>
    internal double MeanLog { get; }

    /// <summary>The value below which there is a share of it.</summary>
    internal double Quantile(double share)
    {
        var wanted = share * _before[^1];
        var next = Math.Max(1, Array.FindIndex(_before, mass => mass >= wanted));
        var step = _before[next] - _before[next - 1];
        return step > 0 ? _points[next - 1] + (wanted - _before[next - 1]) / step * (_points[next] - _points[next - 1]) : _points[next];
    }

    private static double Times(double density, double log) => density > 0 ? density * log : 0;
}
