namespace FlowGrain.Training;

/// <summary>The largest values of a plan, for who writes one and for the silo that checks it.</summary>
public static class PlanLimits
{
    /// <summary>Of <see cref="TrainingPlan.Shards"/>: a tree of 16 levels.</summary>
    public const int Shards = 65_536;

    /// <summary>Of <see cref="TrainingPlan.InnerSteps"/>.</summary>
    public const int InnerSteps = 100_000;

    /// <summary>Of <see cref="TrainingPlan.Ranges"/>.</summary>
    public const int Ranges = 1024;

    /// <summary>Of <see cref="TrainingPlan.BatchRows"/>.</summary>
    public const int BatchRows = 1 << 20;

    /// <summary>Of <see cref="TrainingPlan.Priority"/>, above and below 0.</summary>
    public const int Priority = 100;

    /// <summary>Of <see cref="TrainingPlan.LearningRate"/>.</summary>
    public const double LearningRate = 10;

    /// <summary>Of <see cref="TrainingPlan.Design"/>, characters.</summary>
    public const int DesignLength = 1 << 20;
}
