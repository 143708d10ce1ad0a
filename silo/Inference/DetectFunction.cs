using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// <c>{model}.detect</c>: judges rows <c>x</c> beside what the model gives held-out rows, by the parameter <c>score</c>, at a
/// <c>rate</c> of false alarms or a <c>threshold</c>; and explains them where that is asked for.
/// </summary>
internal sealed class DetectFunction : ModelFunction
{
    /// <summary>What its name ends in.</summary>
    internal const string Suffix = ".detect";

    private const string WhyNotJudged = "The row has no score: a value is missing or not finite.";
    private const string Rate = "rate", Threshold = "threshold";
    private const string LogProb = "log_prob", Typicality = "typicality", LatentNorms = "latent_norm", PValue = "p_value", Flagged = "flagged";
    private const string Share = "explanation", ShareError = "explanation_error";

    private static readonly ImmutableDictionary<string, DetectionScore> Scores = new Dictionary<string, DetectionScore>
    {
        ["log-prob"] = DetectionScore.LogProb, ["typicality"] = DetectionScore.Typicality, ["latent-norm"] = DetectionScore.LatentNorm,
    }.ToImmutableDictionary();

    private readonly RowInputs _rows;
    private readonly Reference _reference;

    /// <summary>Detection by a model.</summary>
    /// <exception cref="BadInputException">It has no reference.</exception>
    internal DetectFunction(ModelEngine engine) : base(engine) => (_rows, _reference) = (new RowInputs(engine), engine.Model.NeedReference());

    internal override ImmutableArray<TensorDescription> Inputs => [.. _rows.Descriptions, new(Rate, Datatype.Double.Name, [1]), new(Threshold, Datatype.Double.Name, [1])];

    internal override ImmutableArray<TensorDescription> Outputs =>
    [
        .. new[] { LogProb, Typicality, LatentNorms, PValue }.Select(name => new TensorDescription(name, Datatype.Single.Name, [-1])),
        new(Flagged, Datatype.Bool.Name, [-1]), new(Share, Datatype.Single.Name, [-1, Columns]), new(ShareError, Datatype.Single.Name, [-1, Columns]),
    ];

    private int Columns => Engine.Encoder.Table.Columns.Length;

    /// <summary>Rows of a request that are explained at most: each asks for many densities.</summary>
    private int MostExplained => Math.Max(1, Engine.Batches.MostRows / (Columns * ConditionalDensity.Calls)); // one of any width: it takes no more memory than a narrow one

    private protected override async Task<ImmutableArray<OutputTensor>> Answer(InferenceRequest request, CancellationToken cancellation)
    {
        var rule = AnomalyRule.Of(_reference, ScoreOf(request), Number(request, Rate), Number(request, Threshold));
        var rows = _rows.Of(request);
        Engine.RequireLevels(rows);
        var (count, began) = (rows.Length / Engine.Width, Engine.Clock.GetTimestamp());
        var explanation = request.Asks(Share) || request.Asks(ShareError) ? Explanation(request, count, began, cancellation) : null;
        request.ReserveFor(LogProb, count * (5L + (explanation is null ? 0 : 2 * Columns)));
        var densities = await Engine.Batches.LogDensity(new Block<double>(rows), latent: true, request.Timeout, Engine.StatisticsOf(Suffix), cancellation);
        var outputs = Verdicts(densities, rule).Where(output => request.Outputs.IsEmpty || request.Asks(output.Name));
        return explanation is null ? [.. outputs] : [.. outputs, .. (await Shares(explanation, rows, densities)).Where(output => request.Asks(output.Name))];
    }

    /// <summary>Explains so many rows of a request, which has memory for it.</summary>
    private Explanation Explanation(InferenceRequest request, int count, long began, CancellationToken cancellation)
    {
        if (count > MostExplained)
            throw new BadInputException($"{count} rows are to be explained; each takes {Columns * ConditionalDensity.Calls} densities, " +
                $"and a request explains {MostExplained} rows of this model: send them in several.");
        var explanation = new Explanation(
            Engine, asked => Engine.Batches.LogDensity(asked, latent: false, request.Left(Engine.Clock, began), Engine.StatisticsOf(Suffix), cancellation), Engine.Batches.MostRows);
        request.Reserve(count * explanation.Bytes);
        Engine.Batches.RequireRoom(count * explanation.RowsAtOnce);
        return explanation;
    }

    private IEnumerable<OutputTensor> Verdicts(Densities densities, AnomalyRule rule)
    {
        var angles = Engine.Model.Flow.Shape().Circles;
        var norms = LatentNorm.Of(densities.LogDensity.Span, densities.Latent!.Span, angles);
        var verdicts = rule.Judge(densities, angles);
        yield return new SingleTensor(LogProb, [norms.Length], densities.LogDensity.Values);
        yield return new SingleTensor(Typicality, [norms.Length], verdicts.Select(verdict => _reference.Score(DetectionScore.Typicality, verdict.LogDensity, norm: 0)).ToArray());
        yield return new SingleTensor(LatentNorms, [norms.Length], norms);
        yield return new SingleTensor(PValue, [norms.Length], verdicts.Select(verdict => (float)verdict.PValue).ToArray());
        yield return new BoolTensor(Flagged, [norms.Length], [.. verdicts.Select(verdict => verdict.IsFlagged)], WhyNotJudged);
    }

    private async Task<IEnumerable<OutputTensor>> Shares(Explanation explanation, double[] rows, Densities densities)
    {
        var count = densities.LogDensity.Length;
        var explained = await Task.WhenAll(Enumerable.Range(0, count)
            .Select(row => explanation.Of(rows.AsMemory(row * Engine.Width, Engine.Width), densities.LogDensity.Span[row])));
        var shares = explained.SelectMany(row => row).ToList();
        return
        [
            new SingleTensor(Share, [count, Columns], shares.Select(share => (float)share.LogProb).ToArray()),
            new SingleTensor(ShareError, [count, Columns], shares.Select(share => (float)share.Error).ToArray()),
        ];
    }

    private static DetectionScore ScoreOf(InferenceRequest request) => request.Score is null ? default
        : Scores.TryGetValue(request.Score, out var score) ? score
        : throw new BadInputException($"The parameter 'score' is '{Excerpt.Of(request.Score)}'; give log-prob, typicality or latent-norm.");

    private static double? Number(InferenceRequest request, string name) => request.Input(name) switch
    {
        null => null,
        { Numbers: [var number] } => number,
        var tensor => throw new BadInputException($"'{name}' has the shape {Excerpt.Of(tensor.Shape)}; it takes one number, FP64 [1]."),
    };
}
