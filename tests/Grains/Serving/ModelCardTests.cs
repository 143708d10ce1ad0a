using FlowGrain.Flows.Engines;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class ModelCardTests
{
    private static readonly StoredModel Model = StoredModels.Some("m", context: 1);

    [Fact]
    public void The_page_has_data_likelihoods_exactness_and_pictures() => Assert.Equal(
        """
        # m, version 1

        A normalizing flow (nsf, N parameters) of `x0`, `x1` given `c0`.

        ## Data

        `data.csv`: 100 rows. 80 trained the flow, 10 chose its weights, 10 only tested it.

        | column | | smallest | largest |
        |---|---|---:|---:|
        | `x0` | learned | -1.5 | 2 |
        | `x1` | learned | 0 | 40665.4 |
        | `c0` | given | 1 | 5 |

        ## Likelihood

        | nats per row, lower is better | flow | full-covariance Gaussian |
        |---|---:|---:|
        | training | 2.0000 | |
        | validation (chose the weights) | 2.0000 | 3.0000 |
        | test (never used in training) | 2.5000 | 3.5000 |

        Its density is exact. Mapping a row to the base and back moves it by at most 1.0e-6 deviations of a column (float32, validation rows).
        Log-densities are computed in float32: beside float64 they are off by 1.5e-6 nats in the median, and at most by 1.6e-5 (10 rows).

        ## Pictures

        ```text
        loss over 10 steps, nats per row
          training      ▇▇▄▁  5.000 to 2.000
          validation    ▇▇▁  4.000 to 2.500

        x0, -1 to 1
          training rows ▁▄▇▁
          samples       ▁▇▄▁

        x1, -1 to 1
          training rows ▇▁▁▁
          samples       ▁▁▁▇
        ```

        Every column from its 0.1% to its 99.9% quantile, in some training rows and in as many samples.

        ## Origin

        Trained for 10 steps (1.0 passes); the weights of step 10 were published.
        Device class `test`, seed 0, weights SHA-256 `WEIGHTS`, flow `FLOW`, data `root`.

        """,
        ModelCard.Write(Model with
        {
            Record = Model.Record with
            {
                TestNll = 2.5,
                TestGaussianNll = 3.5,
                LogDensityError = new LogDensityError(10, 1.5e-6, 1.6e-5),
                Losses = [new(1, 5, null), new(2, 4, 4), new(3, 3, 3), new(4, 2, 2.5)],
                Columns = [new("x0", -1.5, 2, [0, 5, 10, 0], [0, 10, 5, 0]), new("x1", 0, 40665.4, [8, 0, 0, 0], [0, 0, 0, 8]), new("c0", 1, 5, [], [])],
            },
        }).Replace(Model.Record.Result.WeightsSha256, "WEIGHTS").Replace(Model.Record.SpecHash, "FLOW").Replace($"{Model.Record.Result.Parameters} parameters", "N parameters"));

    [Fact]
    public void What_is_not_known_is_not_spoken_of()
    {
        var card = ModelCard.Write(Model with { Record = Model.Record with { ValidationRows = 0, TestRows = 0, Result = Model.Record.Result with { ValidationNll = double.NaN, GaussianNll = double.NaN } } });
        Assert.Contains("`data.csv`: 100 rows. 80 trained the flow.\n", card);
        Assert.Contains("was not measured: the machine that trained it could not load libtorch", card);
        Assert.All(["NaN", "validation", "quantile", "back moves it", "smallest"], words => Assert.DoesNotContain(words, card));
        Assert.Contains("  training      ▁  2.000 to 2.000\n```\n\n## Origin", card);
    }

    [Fact]
    public void A_name_stays_inside_its_cell()
    {
        var card = ModelCard.Write(Model with
        {
            Flow = Model.Flow with { Columns = ["a|b\n`c`", .. Model.Flow.Columns[1..]] },
            Record = Model.Record with { Columns = [new("a|b\n`c`", 0, 1, [1], [1])] },
        });
        Assert.Contains("| `a\\|b 'c'` | learned | 0 | 1 |\n", card);
    }
}
