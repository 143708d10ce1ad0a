namespace FlowGrain.Training.Chronicles;

/// <summary>Some rounds of a run, one after another, as a point of its curves; see <see cref="RunSeries"/> for the units.</summary>
internal sealed record ChroniclePoint(long Step, double Time, int Rounds, double Loss, double Least, double Greatest, double LearningRate, double RowsPerSecond, double GradientNorm, double Straggler)
{
    /// <summary>With the rounds that followed.</summary>
    internal ChroniclePoint Then(ChroniclePoint next)
    {
        var rounds = Rounds + next.Rounds;
        return next with
        {
            Rounds = rounds,
            Loss = (Rounds * Loss + next.Rounds * next.Loss) / rounds,
            Least = Math.Min(Least, next.Least),
            Greatest = Math.Max(Greatest, next.Greatest),
            RowsPerSecond = rounds / (Rounds / RowsPerSecond + next.Rounds / next.RowsPerSecond),
            GradientNorm = Math.Max(GradientNorm, next.GradientNorm),
            Straggler = Math.Max(Straggler, next.Straggler),
        };
    }
}
