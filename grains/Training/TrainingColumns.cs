using FlowGrain.Data;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Training;

/// <summary>Quantiles and deviations of the columns of a data set over its training rows: what is fitted has seen no others. A pure function of the rows.</summary>
/// <param name="data">The rows.</param>
internal sealed class TrainingColumns(TrainingData data)
{
    private const int MostSampled = 16_384; // rows: a quantile is then off by half a percent of them at most
    private const int ChunkRows = 4_096;

    private readonly Lazy<double[]> _sample = new(() => Sample(data));
    private readonly Lazy<PresentMoments> _moments = new(() => Measure(data));

    /// <summary>The value below which a share of a column's values lies, of a uniform sample of the training rows; null where none of them has a value.</summary>
    internal double? Quantile(int column, double share)
    {
        var (rows, width) = (_sample.Value, data.Dataset.Width);
        var values = new List<double>(rows.Length / width);
        for (var i = column; i < rows.Length; i += width)
            if (!double.IsNaN(rows[i])) values.Add(rows[i]);
        values.Sort();
        return values.Count == 0 ? null : values[(int)Math.Min(values.Count - 1, Math.Floor(share * values.Count))];
    }

    /// <summary>The standard deviation of a column, of all training rows that have a value.</summary>
    internal double Deviation(int column) => _moments.Value.AsMoments().Deviation(column);

    /// <summary>A row at random from each of as many equal stretches as are sampled; all rows where they are few.</summary>
    private static double[] Sample(TrainingData data)
    {
        var (training, random) = (data.Split.Side(RowSide.Train), new CounterRandom(0, "training quantiles"));
        var places = new RowPlace[(int)Math.Min(MostSampled, training.Count)];
        var stretch = (double)training.Count / places.Length;
        for (var i = 0; i < places.Length; i++) training.Locate((long)((i + random.Uniform(i)) * stretch), places.AsSpan(i, 1));
        var rows = new double[places.Length * data.Dataset.Width];
        data.Dataset.Gather(places, rows);
        return rows;
    }

    private static PresentMoments Measure(TrainingData data)
    {
        var (moments, chunk) = (new PresentMoments(data.Dataset.Width), new double[ChunkRows * data.Dataset.Width]);
        for (long first = 0; first < data.Split.TrainRows; first += ChunkRows)
        {
            var count = (int)Math.Min(ChunkRows, data.Split.TrainRows - first);
            data.Split.Gather(RowSide.Train, first, count, chunk);
            moments.Add(chunk.AsSpan(0, count * data.Dataset.Width));
        }

        return moments;
    }
}
