using FlowGrain.Cli;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client;

public sealed class FaultTests
{
    public static TheoryData<Exception, int, string> Cases => new()
    {
        { new BadInputException("your.csv: row 3 is ragged."), ExitCode.Usage, "your.csv: row 3 is ragged." },
        { new RunConflictException("Run 'your' is busy."), ExitCode.Usage, "Run 'your' is busy." },
        { new AggregateException(new AggregateException(new BadInputException("wrapped twice"))), ExitCode.Usage, "wrapped twice" },
        { new IOException("No space left on device : '/data/x'"), ExitCode.Usage, "No space left on device : '/data/x'" },
        { new InvalidOperationException("first line\n   second"), ExitCode.Failed, "first line (add --verbose for the stack trace)" },
        { new OperationCanceledException(), ExitCode.Failed, "Interrupted." },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task An_exception_becomes_one_sentence_and_its_exit_code(Exception fault, int code, string sentence)
    {
        using var cli = new TestCli(new() { Fault = fault });
        Assert.Equal(code, await cli.Run("train", cli.Data));
        Assert.Equal(sentence, cli.Error.TrimEnd());
        Assert.Empty(cli.Out);
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace()
    {
        using var cli = new TestCli(new() { Fault = new InvalidOperationException("odd") });
        await cli.Run("train", cli.Data, "--verbose");
        Assert.Contains("   at FlowGrain", cli.Error);
    }

    [Fact]
    public void The_first_Ctrl_C_asks_and_the_second_ends()
    {
        var ended = 0;
        using var interrupts = new Interrupts(() => ended++);
        interrupts.Press();
        Assert.Equal((true, 0), (interrupts.Requested.IsCancellationRequested, ended));
        interrupts.Press();
        Assert.Equal(1, ended);
    }
}
