using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>Measures a model on the rows of a file.</summary>
internal sealed class ModelEvaluation(ModelEngine engine, EvaluationPlan plan, IProgress<ReadingProgress> progress)
{
    private const int ChunkRows = 16_384;
    private const int ComparedRows = 10_000; // distances between distributions need no more
    private const int Directions = 128;

    private readonly int _d = engine.Model.Flow.Columns.Length;
    private readonly int _c = engine.Model.Flow.Context.Length;

    private int Width => _d + _c;

    /// <summary>Does it. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The file cannot be used.</exception>
    internal EvaluationReport Run(CancellationToken cancellation)
    {
        using var reader = TableReader.Open(plan.Data);
        var warning = ModelColumns.Select(reader, engine.Encoder.Table);
        var filter = new RowFilter(reader, plan.Missing, engine.Encoder.MayMiss, engine.Encoder.Table.Columns.Length);
        // Of an imported model nobody knows the rows that a Gaussian would be fitted to.
        var gaussian = engine.Model.Record.Imported is null ? new GaussianNll(Baselines.GaussianOf(engine.Model.Record, PartialGaussian.ContextOf(engine.Model.Flow)), engine.Model.Flow) : null;
        var (rows, nonFinite, nll, gaussianNll) = (0L, 0L, 0.0, 0.0);
        var sample = new RowSample(ComparedRows, Width, new CounterRandom(0, "evaluated-rows"));
        var values = new double[ChunkRows * engine.Width];
        for (int count; (count = reader.Read(values, cancellation)) > 0;)
        {
            var complete = values.AsSpan(0, filter.Keep(values.AsSpan(0, count * engine.Width), reader.RowsRead - count + 1) * engine.Width);
            double[] kept = [.. engine.Encoded(complete)];
            rows += kept.Length / Width;
            var scores = Scores(kept);
            nll -= scores.Sum(score => (double)score);
            nonFinite += scores.LongCount(score => !float.IsFinite(score));
            gaussianNll += gaussian?.Sum(kept) ?? double.NaN;
            AddWhole(sample, kept); // what is drawn lacks nothing either
            progress.Report(new(rows, reader.BytesRead, reader.Fraction));
        }

        if (rows == 0) throw new BadInputException($"'{reader.FileName}' has no {(filter.Dropped > 0 ? $"complete rows to evaluate ({filter.Dropped} were left out)" : "rows to evaluate")}; name a file with at least one.");
        var compared = sample.Rows;
        if (compared.Length == 0)
        {
            return new EvaluationReport(rows, nll / rows, BitsPerDim(nll / rows), gaussianNll / rows, double.NaN, double.NaN, double.NaN) { Warning = Joined(warning, Empty(filter.Dropped), NonFinite(nonFinite, rows), "Every row lacks a value, so none could be compared with samples.") };
        }

        var latent = Latent(compared);
        var roundTrip = RoundTripError(compared, latent);
        return new EvaluationReport(
            rows, nll / rows, BitsPerDim(nll / rows), gaussianNll / rows, SlicedWasserstein(compared), Calibration(latent), roundTrip) { Warning = Joined(warning, Empty(filter.Dropped), NonFinite(nonFinite, rows), RoundTrip.Warning(roundTrip)) };
    }

    /// <summary>Only where every column is a whole number: then the density is of x + u, and its bits those of x at most.</summary>
    private double? BitsPerDim(double nll) =>
        engine.Encoder.Table.Columns.All(column => column is LatticeColumn { Step: 1, Fill: null }) ? nll / (_d * Math.Log(2)) : null;

    /// <summary>Rows that were left out although nobody asked for it.</summary>
    private string? Empty(long dropped) => dropped == 0 || plan.Missing == MissingRows.Drop ? null : $"{dropped} rows have no value at all and were left out.";

    private static string? NonFinite(long nonFinite, long rows) => nonFinite == 0 ? null
        : $"{nonFinite} of {rows} rows have no finite log-density, so that the likelihood of all is none either: they lie too far from the rows that the model was trained on, or its training diverged; score the file to see which they are.";

    private static string? Joined(params string?[] sentences) => string.Join(' ', sentences.OfType<string>()) is { Length: > 0 } text ? text : null;

    private void AddWhole(RowSample sample, double[] rows)
    {
        for (var at = 0; at < rows.Length; at += Width)
            if (engine.Encoder.IsWhole(rows.AsSpan(at, Width))) sample.Add(rows.AsSpan(at, Width));
    }

    private float[] Scores(double[] rows) => engine.Run(flow =>
    {
        var scores = new float[rows.Length / Width];
        flow.LogDensity(rows, scores, []);
        return scores;
    }).GetAwaiter().GetResult(); // this is a thread of its own: it may wait

    private float[] Latent(double[] rows) => engine.Run(flow =>
    {
        var scores = new float[rows.Length / Width];
        var latent = new float[scores.Length * _d];
        flow.LogDensity(rows, scores, latent);
        return latent;
    }).GetAwaiter().GetResult();

    private double RoundTripError(double[] rows, float[] latent) =>
        engine.Run(flow => RoundTrip.WorstError(flow, rows, latent)).GetAwaiter().GetResult();

    /// <summary>Kolmogorov–Smirnov distance between each latent coordinate and the standard normal, of an angle and the uniform; the worst.</summary>
    private double Calibration(float[] latent) => Enumerable.Range(0, _d).Max(column =>
    {
        var (sorted, isAngle) = (Column(latent, column, _d), engine.Model.Flow.Shape().Circles?.Columns.Contains(column) == true);
        var worst = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var expected = isAngle ? sorted[i] / Math.Tau + 0.5 : NormalDistribution.Cumulative(sorted[i]);
            worst = Math.Max(worst, Math.Max(Math.Abs((i + 1.0) / sorted.Length - expected), Math.Abs((double)i / sorted.Length - expected)));
        }

        return worst;
    });

    /// <summary>Mean Wasserstein-1 distance of projections on fixed random directions, columns divided by their deviations.</summary>
    private double SlicedWasserstein(double[] rows)
    {
        var samples = Samples(rows);
        var random = new CounterRandom(0, "sliced-wasserstein");
        return Enumerable.Range(0, Directions).Average(direction =>
        {
            var axis = Direction(random.At(direction));
            var (real, drawn) = (Project(rows, axis, Width), Project(samples, axis, _d));
            return real.Zip(drawn, (a, b) => Math.Abs(a - b)).Average();
        });
    }

    private double[] Samples(double[] rows) =>
        engine.Run(flow => Sampling.Beside(flow, new CounterRandom(0, "evaluate"), rows)).GetAwaiter().GetResult();

    private double[] Direction(CounterRandom random)
    {
        double[] axis = [.. Enumerable.Range(0, _d).Select(column => random.Normal(column))];
        var norm = Math.Sqrt(axis.Sum(value => value * value));
        return [.. axis.Select(value => value / norm)];
    }

    private double[] Project(double[] rows, double[] axis, int width)
    {
        var projected = new double[rows.Length / width];
        for (var row = 0; row < projected.Length; row++)
        {
            for (var column = 0; column < _d; column++) projected[row] += axis[column] * engine.Model.Flow.ToDeviations(column, rows[row * width + column]);
        }

        Array.Sort(projected);
        return projected;
    }

    private static float[] Column(float[] values, int column, int width)
    {
        var picked = new float[values.Length / width];
        for (var row = 0; row < picked.Length; row++) picked[row] = values[row * width + column];
        Array.Sort(picked);
        return picked;
    }
}
