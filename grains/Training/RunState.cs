using System.Collections.Immutable;
using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>Where a run is between two rounds: everything but the parameters. Part of every snapshot.</summary>
internal sealed record RunState
{
    /// <summary>Rounds committed.</summary>
    public long Round { get; init; }

    /// <summary>Rounds of the whole run; null while <c>--minutes</c> has not fixed them.</summary>
    public long? Steps { get; init; }

    /// <summary>The validations so far.</summary>
    public EarlyStopping Stopping { get; init; } = EarlyStopping.None;

    /// <summary>The last validation, nats per row; null before the first.</summary>
    public double? Validation { get; init; }

    /// <summary>Rounds in a row that were skipped because a gradient was not finite.</summary>
    public int Skipped { get; init; }

    /// <summary>Training rows of all rounds.</summary>
    public long Rows { get; init; }

    /// <summary>Passes over the training rows so far, fractional.</summary>
    public double Passes { get; init; }

    /// <summary>What the open pass has counted.</summary>
    public PassLedger Pass { get; init; } = PassLedger.Empty;

    /// <summary>The losses so far.</summary>
    public LossHistory History { get; init; } = LossHistory.Empty;

    /// <summary>What the rounds were computed in, oldest first.</summary>
    public ImmutableArray<ClassSpan> DeviceClasses { get; init; } = [];

    /// <summary>Workers that computed wrong bits, which the run works without, oldest first.</summary>
    public ImmutableArray<Quarantine> Quarantined { get; init; } = [];

    /// <summary>The span of the activation that trained it, which the next one's is linked to; null where nobody traced.</summary>
    public string? Trace { get; init; }

    /// <summary>With the rounds from here on in a device class.</summary>
    internal RunState In(string deviceClass) =>
        DeviceClasses is [.., var last] && last.DeviceClass == deviceClass ? this : this with { DeviceClasses = DeviceClasses.Add(new ClassSpan(Round, deviceClass)) };
}

/// <summary>A device class and the round from which on a run was computed in it.</summary>
/// <param name="FromRound">The first such round, from 0.</param>
/// <param name="DeviceClass">The class.</param>
internal sealed record ClassSpan(long FromRound, string DeviceClass);

/// <summary>A worker that a run works without, since two others computed other bits than it did.</summary>
/// <param name="Worker">Its key: run, silo with the generation of its process, slot. The same silo started again is trusted again.</param>
/// <param name="Round">The round, from 0.</param>
/// <param name="Shard">The shard that it computed wrongly.</param>
internal sealed record Quarantine(string Worker, long Round, int Shard);

/// <summary>Losses of a run, thinned so that a run of any length keeps at most 2,048 points: means over 1, 2, 4, … rounds.</summary>
/// <param name="Stride">Rounds a point.</param>
/// <param name="Points">The points, oldest first.</param>
/// <param name="PartSum">Sum of the losses since the last point.</param>
/// <param name="PartCount">How many they are.</param>
internal sealed record LossHistory(int Stride, ImmutableList<LossPoint> Points, double PartSum, int PartCount)
{
    private const int MostPoints = 2048;

    /// <summary>Before the first round.</summary>
    internal static LossHistory Empty { get; } = new(1, [], 0, 0);

    /// <summary>With one more round.</summary>
    internal LossHistory With(long step, double trainNats)
    {
        var (sum, count) = (PartSum + trainNats, PartCount + 1);
        if (count < Stride) return this with { PartSum = sum, PartCount = count };
        var points = Points.Add(new LossPoint(step, sum / count, null));
        return points.Count < MostPoints
            ? this with { Points = points, PartSum = 0, PartCount = 0 }
            : new LossHistory(Stride * 2, Halved(points), 0, 0);
    }

    /// <summary>With the validation after the last round.</summary>
    internal LossHistory WithValidation(double nats) => Points.IsEmpty
        ? this
        : this with { Points = Points.SetItem(Points.Count - 1, Points[^1] with { ValidationNats = nats }) };

    private static ImmutableList<LossPoint> Halved(ImmutableList<LossPoint> points) =>
        [.. points.Chunk(2).Select(pair => new LossPoint(pair[^1].Step, pair.Average(point => point.TrainNats), pair[^1].ValidationNats ?? pair[0].ValidationNats))];
}
