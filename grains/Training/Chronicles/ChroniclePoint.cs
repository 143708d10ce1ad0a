using System.Collections.Immutable;

namespace FlowGrain.Training.Chronicles;

/// <summary>Some rounds of a run, one after another, as a point of its curves; see <see cref="RunSeries"/> for the units.</summary>
internal sealed record ChroniclePoint(
    long Step, double Time, int Rounds, double Loss, Extent OfLoss, double LearningRate, Extent OfLearningRate, double RowsPerSecond, Extent OfRowsPerSecond, Extent GradientNorm, Extent Straggler)
{
    /// <summary>Of one round.</summary>
    internal static ChroniclePoint Of(long step, double time, double loss, double learningRate, double rowsPerSecond, double gradientNorm, double straggler) => new(
        step, time, 1, loss, Extent.Of(loss), learningRate, Extent.Of(learningRate), rowsPerSecond, Extent.Of(rowsPerSecond), Extent.Of(gradientNorm), Extent.Of(straggler));

    /// <summary>One that was kept.</summary>
    internal static ChroniclePoint Of(RunSeries kept, int index)
    {
        return new(
            kept.Step[index], kept.Time[index], kept.Rounds[index], kept.Loss[index], new(kept.LossMin[index], kept.LossMax[index]),
            kept.LearningRate[index], new(At(kept.LearningRateMin, kept.LearningRate), At(kept.LearningRateMax, kept.LearningRate)),
            kept.RowsPerSecond[index], new(At(kept.RowsPerSecondMin, kept.RowsPerSecond), At(kept.RowsPerSecondMax, kept.RowsPerSecond)),
            new(At(kept.GradientNormMin, kept.GradientNorm), kept.GradientNorm[index]), new(At(kept.StragglerMin, kept.Straggler), kept.Straggler[index]));

        double At(ImmutableArray<double> values, ImmutableArray<double> without) => (values.IsEmpty ? without : values)[index]; // an earlier version kept fewer
    }

    /// <summary>Points as curves.</summary>
    internal static RunSeries Series(IReadOnlyCollection<ChroniclePoint> points, IEnumerable<ValidationMark> validations, IEnumerable<RunMark> marks)
    {
        return new(
            [.. points.Select(point => point.Step)], Each(point => point.Time), [.. points.Select(point => point.Rounds)], Each(point => point.Loss), Each(point => point.OfLoss.Least), Each(point => point.OfLoss.Greatest),
            Each(point => point.LearningRate), Each(point => point.RowsPerSecond), Each(point => point.GradientNorm.Greatest), Each(point => point.Straggler.Greatest), [.. validations], [.. marks])
        {
            LearningRateMin = Each(point => point.OfLearningRate.Least),
            LearningRateMax = Each(point => point.OfLearningRate.Greatest),
            RowsPerSecondMin = Each(point => point.OfRowsPerSecond.Least),
            RowsPerSecondMax = Each(point => point.OfRowsPerSecond.Greatest),
            GradientNormMin = Each(point => point.GradientNorm.Least),
            StragglerMin = Each(point => point.Straggler.Least),
        };

        ImmutableArray<double> Each(Func<ChroniclePoint, double> value) => [.. points.Select(value)];
    }

    /// <summary>With the rounds that followed.</summary>
    internal ChroniclePoint Then(ChroniclePoint next)
    {
        var rounds = Rounds + next.Rounds;
        return next with
        {
            Rounds = rounds,
            Loss = (Rounds * Loss + next.Rounds * next.Loss) / rounds,
            OfLoss = OfLoss.With(next.OfLoss),
            OfLearningRate = OfLearningRate.With(next.OfLearningRate),
            RowsPerSecond = rounds / (Rounds / RowsPerSecond + next.Rounds / next.RowsPerSecond),
            OfRowsPerSecond = OfRowsPerSecond.With(next.OfRowsPerSecond),
            GradientNorm = GradientNorm.With(next.GradientNorm),
            Straggler = Straggler.With(next.Straggler),
        };
    }
}

/// <summary>The least and the greatest of some rounds.</summary>
internal readonly record struct Extent(double Least, double Greatest)
{
    /// <summary>Of one.</summary>
    internal static Extent Of(double value) => new(value, value);

    /// <summary>With others.</summary>
    internal Extent With(Extent other) => new(Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));
}
