using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace FlowGrain.Flows.Numerics;

/// <summary>
/// <see cref="DormandPrince"/> made differentiable by the adjoint of its steps: forwards it keeps where each step began, backwards
/// it makes one step at a time again and leads the gradient through it, last to first. So the memory is that of the rows at every
/// step, not that of the nets in between, and the gradient is that of what was computed.
/// </summary>
/// <remarks>
/// The sizes of the steps count as constants. Source: Chen et al. 2018, "Neural Ordinary Differential Equations",
/// https://arxiv.org/abs/1806.07366, for the adjoint; Zhuang et al. 2020, "Adaptive Checkpoint Adjoint Method for Gradient
/// Estimation in Neural ODE", https://arxiv.org/abs/2006.02493, for the checkpoints, without which the way back drifts from the way there.
/// </remarks>
internal sealed class CheckpointedIntegral : MultiTensorFunction<CheckpointedIntegral>
{
    private const string Problem = "problem";

    /// <inheritdoc />
    public override string Name => nameof(CheckpointedIntegral);

    /// <summary>Where rows that start at the problem's first time are at its last; gradients reach the start, the context and the parameters.</summary>
    internal static Tensor Of(OdeProblem problem, Tensor start)
    {
        using var scope = NewDisposeScope(); // holds the steps until the function has taken hold of them
        return apply([problem, start, .. problem.Given, .. problem.Parameters])[0].MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
    {
        var (problem, kept) = ((OdeProblem)vars[0], new List<Tensor>());
        var end = DormandPrince.Solve(problem.Field(problem.Context), (Tensor)vars[1], problem.From, problem.To, problem.Tolerance, Keep);
        ctx.save_data(Problem, problem);
        ctx.save_for_backward([.. kept, .. problem.Given]);
        return [end];

        void Keep(OdeStep step)
        {
            foreach (var tensor in (Tensor[])[step.Start, step.Time, step.Size]) kept.Add(tensor.alias().MoveToOuterDisposeScope().MoveToOuterDisposeScope()); // out of the step and of the solution
        }
    }

    /// <inheritdoc />
    public override List<Tensor?> backward(AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        using var withGradient = enable_grad();
        var problem = (OdeProblem)ctx.get_data(Problem);
        var saved = ctx.get_saved_variables();
        var (steps, context) = (saved.Count - problem.Given.Length, problem.Given.Length > 0 ? saved[^1].detach() : null);
        if (context is not null) context.requires_grad = true;
        var adjoint = grad_outputs[0];
        Tensor[] others = context is null ? problem.Parameters : [context, .. problem.Parameters];
        Tensor[] gradients = [.. others.Select(other => zeros_like(other))];
        for (var i = steps - 3; i >= 0; i -= 3)
        {
            var start = saved[i].detach();
            start.requires_grad = true;
            var end = DormandPrince.Step(problem.Field(context), new OdeStep(start, saved[i + 1], saved[i + 2]));
            var parts = grad([end], [start, .. others], [adjoint]);
            adjoint = parts[0];
            for (var p = 0; p < gradients.Length; p++) gradients[p] = gradients[p].detach().Plus(parts[p + 1]);
        }

        return [null, adjoint.MoveToOuterDisposeScope(), .. gradients.Select(gradient => gradient.MoveToOuterDisposeScope())];
    }
}

/// <summary>What is integrated, and between which times.</summary>
/// <param name="Field">Makes f over the parameters, given a context: anew for every use, so that what it derives from them has its gradient.</param>
/// <param name="Context"><c>[B, C]</c> or null.</param>
/// <param name="From">Time at the start.</param>
/// <param name="To">Time at the end.</param>
/// <param name="Tolerance">See <see cref="DormandPrince.Solve"/>.</param>
/// <param name="Parameters">The parameters of f.</param>
internal sealed record OdeProblem(Func<Tensor?, Func<Tensor, Tensor, Tensor>> Field, Tensor? Context, double From, double To, double Tolerance, Tensor[] Parameters)
{
    /// <summary>The context, or nothing.</summary>
    internal Tensor[] Given { get; } = Context is null ? [] : [Context];
}
