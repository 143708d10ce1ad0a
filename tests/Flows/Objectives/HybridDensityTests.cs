using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Objectives;
using FlowGrain.Flows.Optimization;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Objectives;

/// <summary>Two bent modes, each with a label of its own.</summary>
public sealed class HybridDensityTests
{
    private const int Batch = 256;
    private const double Half = 1.2, Deviation = 0.5; // of the modes: 99.2% of the rows lie on the side of their label

    [Fact]
    public void Labels_are_learned_and_the_density_of_the_rows_stays_exact()
    {
        using var hybrid = HybridDensity.Build(Spec("nsf", lambda: 2), ScalarType.Float64);
        var before = Figures(hybrid);
        Train(hybrid, steps: 250);
        var after = Figures(hybrid);
        Assert.Equal(Math.Log(2), before.LabelNll, 1e-9); // nothing is known at first
        Assert.InRange(after.LabelNll, 0, 0.06);
        Assert.InRange(after.Accuracy, 0.98, 1);
        var entropy = Math.Log(2 * Math.PI * Math.E * Deviation * 0.3) + Math.Log(2); // of the label and the row given it, less what the modes overlap
        Assert.InRange(after.RowNll, entropy - 0.06, entropy + 0.2);
        Assert.Equal(1, Quadrature.Integral(hybrid.Flow, []), 1e-3);
    }

    [Theory, InlineData("nsf", 0), InlineData("realnvp", 2), InlineData("nsf-ar angles=1", 1)]
    public void Over_all_labels_the_joint_density_adds_up_to_that_of_the_row(string kind, int context)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var hybrid = Perturbed(kind, context);
        var (x, given) = TestFlows.Split(hybrid.Spec.Flow, TestFlows.Rows(hybrid.Spec.Flow, 50));
        var joint = stack([.. Enumerable.Range(0, 3).Select(label => hybrid.LogProb(x, tensor(Enumerable.Repeat((long)label, 50).ToArray()), given))], 1);
        Assert.InRange((joint.logsumexp(1) - hybrid.Flow.LogProb(x, given)).abs().max().Item<double>(), 0, 1e-12);
        Assert.InRange((joint - hybrid.LabelLogProb(x, given) - hybrid.Flow.LogProb(x, given).unsqueeze(1)).abs().max().Item<double>(), 0, 1e-12);
    }

    [Fact]
    public void The_loss_is_the_weighted_likelihood_and_its_gradients_reach_flow_and_net()
    {
        using var scope = NewDisposeScope();
        using var hybrid = Perturbed("nsf", context: 0);
        var (x, labels) = (TestFlows.Split(hybrid.Spec.Flow, TestFlows.Rows(hybrid.Spec.Flow, 40)).X, tensor(Enumerable.Range(0, 40).Select(row => row % 3L).ToArray()));
        var loss = hybrid.Loss(x, labels);
        var of = hybrid.LabelLogProb(x).gather(1, labels.unsqueeze(1)).sum();
        Assert.Equal(-(hybrid.Flow.LogProb(x).sum().Item<double>() + 0.5 * of.Item<double>()), loss.Item<double>(), 1e-9);
        loss.backward();
        foreach (var views in new[] { hybrid.Flow.Parameters, hybrid.Parameters })
        {
            var exact = views.Gradient.data<double>().ToArray();
            for (var at = 0; at < exact.Length; at += exact.Length / 7) Assert.Equal(Slope(hybrid, views, at, x, labels), exact[at], 1e-4 * Math.Max(1, Math.Abs(exact[at])));
        }
    }

    [Theory]
    [InlineData(1, 1.0, "A hybrid has 1 labels; give two at least.")]
    [InlineData(3, 0.0, "A hybrid weighs its labels by 0; give a finite number above zero.")]
    [InlineData(3, double.NaN, "A hybrid weighs its labels by NaN")]
    public void What_cannot_be_learned_is_refused(int labels, double lambda, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => HybridDensity.Build(Spec("nsf", lambda) with { Labels = labels })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_flow_of_another_objective_and_a_net_that_sees_nothing_are_refused()
    {
        Assert.Contains("the objective flow-matching; leave it out", Assert.Throws<ArgumentException>(() => HybridDensity.Build(Spec("cnf", 1))).Message, StringComparison.Ordinal);
        Assert.Contains("a net that looks at the latents", Assert.Throws<ArgumentException>(() => HybridDensity.Build(Spec("nsf", 1) with { Net = new ConstantSpec() })).Message, StringComparison.Ordinal);
    }

    private static HybridSpec Spec(string kind, double lambda) => new(TestFlows.Spec(kind, 2, 0, ("hidden", 16)), Labels: 2, new MlpSpec(16, 1), lambda);

    private static HybridDensity Perturbed(string kind, int context)
    {
        var spec = new HybridSpec(TestFlows.Spec(kind, 2, context), Labels: 3, new MlpSpec(8, 1), Lambda: 0.5);
        var hybrid = HybridDensity.Build(spec, ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        hybrid.Flow.Parameters.Values.copy_(tensor(TestFlows.Weights(spec.Flow)));
        var random = new CounterRandom(4, "labels");
        hybrid.Parameters.Values.copy_(tensor(Enumerable.Range(0, hybrid.Parameters.Layout.Count).Select(i => 0.4 * random.Normal(i)).ToArray()));
        return hybrid;
    }

    private static double Slope(HybridDensity hybrid, ParameterViews views, int at, Tensor x, Tensor labels)
    {
        const double Step = 1e-6;

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        double Moved(double by)
        {
            views.Values.narrow(0, at, 1).add_(tensor(by));
            return hybrid.Loss(x, labels).Item<double>();
        }

        var (above, below) = (Moved(Step), Moved(-2 * Step));
        Moved(Step);
        return (above - below) / (2 * Step);
    }

    private static void Train(HybridDensity hybrid, int steps)
    {
        var trained = new[] { hybrid.Flow.Parameters, hybrid.Parameters }.Select(views => (Views: views, First: new double[views.Layout.Count], Second: new double[views.Layout.Count], Average: new double[views.Layout.Count])).ToArray();
        var optimizer = new AdamW(new AdamWOptions());
        for (var step = 1; step <= steps; step++)
        {
            using var scope = NewDisposeScope();
            foreach (var (views, _, _, _) in trained) views.Gradient.zero_();
            var (x, labels) = Rows((long)step * Batch, Batch);
            hybrid.Loss(x, labels).backward();
            using var noGradient = no_grad();
            foreach (var (views, first, second, average) in trained)
            {
                var (weights, gradient) = (views.Values.data<double>().ToArray(), views.Gradient.data<double>().ToArray());
                optimizer.Step(new OptimizerState<double>(weights, first, second, average), gradient, 1.0 / Batch, 1e-2, 0, step);
                views.Values.copy_(tensor(weights));
            }
        }
    }

    private static (double LabelNll, double Accuracy, double RowNll) Figures(HybridDensity hybrid)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (x, labels) = Rows(first: 1 << 20, 4000);
        var (of, rows) = (hybrid.LabelLogProb(x), hybrid.Flow.LogProb(x));
        return (-of.gather(1, labels.unsqueeze(1)).mean().Item<double>(), of.argmax(1).eq(labels).to_type(ScalarType.Float64).mean().Item<double>(), -rows.mean().Item<double>());
    }

    private static (Tensor X, Tensor Labels) Rows(long first, int count)
    {
        var (random, x, labels) = (new CounterRandom(9, "moons"), new double[2 * count], new long[count]);
        for (var row = 0; row < count; row++)
        {
            labels[row] = (first + row) % 2;
            x[2 * row] = (labels[row] == 0 ? -Half : Half) + Deviation * random.Normal(2 * (first + row));
            x[2 * row + 1] = 0.5 * x[2 * row] * x[2 * row] + 0.3 * random.Normal(2 * (first + row) + 1);
        }

        return (tensor(x, count, 2), tensor(labels));
    }
}
