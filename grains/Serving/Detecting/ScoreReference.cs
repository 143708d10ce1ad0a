namespace FlowGrain.Serving;

/// <summary>Scores of a reference: how often one as high is a false alarm.</summary>
internal sealed class ScoreReference
{
    private readonly float[] _ascending;

    internal ScoreReference(IEnumerable<float> scores) => _ascending = [.. scores.Order()];

    /// <summary>How many there are.</summary>
    internal int Rows => _ascending.Length;

    /// <summary>(1 + scores as high or higher) / (n + 1); NaN of a row without a score.</summary>
    internal double PValue(float score) => float.IsNaN(score) ? double.NaN : (1.0 + Rows - Below(score)) / (Rows + 1);

    /// <summary>The share of the scores above a threshold.</summary>
    internal double ShareAbove(double threshold) => (double)_ascending.Count(score => score > threshold) / Rows;

    /// <summary>The smallest threshold that at most this share of the scores is above; scores that tie there are not above it.</summary>
    /// <exception cref="BadInputException">So few rows cannot show so small a rate.</exception>
    internal double Threshold(double rate)
    {
        if (!(rate > 0 && rate < 1)) throw new BadInputException($"The rate is {rate}; give a share of false alarms above 0 and below 1, such as 0.01.");
        if (rate < 1.0 / (Rows + 1))
            throw new BadInputException($"The reference has {(Rows == 1 ? "1 row" : $"{Rows} rows")}, which can show no rate below 1 in {Rows + 1}, and {rate} is asked for; take a rate of {RoundedUp(1.0 / (Rows + 1))} or more, a threshold, or a reference of more rows.");
        var most = (int)Math.Floor(rate * Rows);
        if ((most + 1.0) / Rows <= rate) most++; // 0.29 · 100 is less than 29 in float64
        return _ascending[^(most + 1)];
    }

    private int Below(float score)
    {
        var (low, high) = (0, Rows);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ascending[middle] < score) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static double RoundedUp(double rate)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rate)) - 1);
        return Math.Round(Math.Ceiling(rate / unit) * unit, 12);
    }
}
