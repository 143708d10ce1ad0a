using System.Globalization;

namespace FlowGrain.Bench.Scaling;

/// <summary>
/// What reaches the busiest node in a round, counted over real silos, beside what docs/scaling.md says should. Fails when a
/// figure is further than 5% from its formula, or when two ways end with other bits.
/// </summary>
internal static class ScalingProof
{
    private const int Silos = 4;
    private const double Tolerance = 0.05;
    private static readonly int[] Workers = [100, 1_000, 10_000];

    internal static async Task<int> Run(string? picture)
    {
        using var home = new TemporaryHome();
        await using var cluster = await LoopbackSilos.Start(Silos, home.Path, CancellationToken.None);
        await Measure(cluster, new ScalingSize(16), home.Path, ReductionWay.All, _ => { }); // compiles the code and opens the connections
        Console.WriteLine("| way | W | messages | formula | ratio | bytes of sums | formula | ratio | bytes of whole messages | over the formula | read from sockets |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        var faults = new List<string>();
        var figures = new List<RoundFigures>();
        var references = new List<string>();
        foreach (var workers in Workers)
        {
            var round = await Measure(cluster, new ScalingSize(workers), home.Path, ReductionWay.All, Print);
            faults.AddRange(Faults(round.Figures, round.Reference));
            figures.AddRange(round.Figures);
            references.Add($"W = {workers}: SHA-256 of the sum in one process {round.Reference}; at {round.Figures.Count(figure => figure.Sha256 == round.Reference)} of {round.Figures.Count} roots the same");
        }

        foreach (var workers in Workers) // a share that is no node of the tree travels in several: said, not judged
        {
            var round = await Measure(cluster, new ScalingSize(workers) { Shards = workers }, home.Path, [ReductionWay.Combined with { Name = "combined, S = W" }], Print);
            faults.AddRange(OtherBits(round.Figures, round.Reference));
        }

        references.ForEach(Console.WriteLine);
        if (picture is not null) ScalingPicture.Save(figures, picture);
        foreach (var fault in faults) Console.Error.WriteLine(fault);
        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>What of a round is not as it should be, a sentence each.</summary>
    internal static IEnumerable<string> Faults(IReadOnlyList<RoundFigures> figures, string reference) =>
    [
        .. figures.Where(figure => IsOff(figure.MessagesRatio)).Select(figure => $"{figure.Way.Name}, W = {figure.Size.Workers}: {figure.Busiest.Messages} messages, expected {figure.Way.Messages.Of(figure.Size)}."),
        .. figures.Where(figure => IsOff(figure.SumsRatio)).Select(figure => $"{figure.Way.Name}, W = {figure.Size.Workers}: {figure.Busiest.Sums} bytes of sums, expected {figure.Way.Bytes.Of(figure.Size)}."),
        .. figures.Where(figure => figure.Way.Gathering != Gathering.InTree && figure.Wire < (1 - Tolerance) * figure.FromOthers).Select(figure => $"{figure.Way.Name}, W = {figure.Size.Workers}: {figure.Wire} bytes through sockets, and {figure.FromOthers:F0} came from other silos."),
        .. OtherBits(figures, reference),
    ];

    /// <summary>Runs a round in each of some ways.</summary>
    internal static async Task<(IReadOnlyList<RoundFigures> Figures, string Reference)> Measure(
        LoopbackSilos cluster, ScalingSize size, string home, IReadOnlyList<ReductionWay> ways, Action<RoundFigures> each)
    {
        var round = new ScalingRound(cluster, size, home);
        var figures = new List<RoundFigures>();
        foreach (var way in ways)
        {
            figures.Add(await round.Run(way));
            each(figures[^1]);
        }

        return (figures, round.Reference());
    }

    private static bool IsOff(double ratio) => Math.Abs(ratio - 1) > Tolerance;

    private static IEnumerable<string> OtherBits(IEnumerable<RoundFigures> figures, string reference) => figures
        .Where(figure => figure.Sha256 != reference)
        .Select(figure => $"{figure.Way.Name}, W = {figure.Size.Workers}: the sum at the root is {figure.Sha256}, in one process {reference}.");

    private static void Print(RoundFigures figure) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        | {figure.Way.Name} | {figure.Size.Workers:N0} |
         {figure.Busiest.Messages:N0} | {figure.Way.Messages.Of(figure.Size):N0} | {figure.MessagesRatio:F3} |
         {figure.Busiest.Sums:N0} | {figure.Way.Bytes.Of(figure.Size):N0} | {figure.SumsRatio:F3} |
         {figure.Busiest.Whole:N0} | {figure.WholeRatio:F3} | {figure.Wire:N0} |
        """).ReplaceLineEndings(""));
}
