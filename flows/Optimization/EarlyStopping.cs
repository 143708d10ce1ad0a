using System.Text.Json.Serialization;

namespace FlowGrain.Flows.Optimization;

/// <summary>Which validation was the best, and whether it is time to stop. A pure function of the validations so far.</summary>
/// <param name="Best">Lowest validation, nats per row; infinite before the first.</param>
/// <param name="BestStep">Its step.</param>
/// <param name="SinceBest">Validations since.</param>
public sealed record EarlyStopping(double Best, long BestStep, int SinceBest)
{
    /// <summary>Before the first validation.</summary>
    public static EarlyStopping None { get; } = new(double.PositiveInfinity, 0, 0);

    /// <summary>Whether any validation was a number.</summary>
    [JsonIgnore]
    public bool HasBest => Best < double.PositiveInfinity;

    /// <summary>After one more validation; one that is not a number never is the best.</summary>
    public EarlyStopping After(long step, double validation) =>
        validation < Best ? new EarlyStopping(validation, step, 0) : this with { SinceBest = SinceBest + 1 };

    /// <summary>Whether <paramref name="patience"/> validations brought nothing.</summary>
    public bool IsOver(int? patience) => SinceBest >= patience;
}
