using FlowGrain.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Tests.Silo;

/// <summary>What a silo makes of the words and the files that it is started with, before it is one.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bogus", "'bogus' is no setting; write --Section:Key=value, or --help.")]
    [InlineData("--urls=http://127.0.0.1:1", "'--urls=http://127.0.0.1:1' is no setting; write --Section:Key=value, or --help.")]
    [InlineData("--Http:Urls", "'--Http:Urls' is no setting; write --Section:Key=value, or --help.")]
    [InlineData("--Storge:Root=/tmp", "There is no section 'Storge' of settings; did you mean Storage?")]
    public void A_word_that_sets_nothing_starts_no_silo(string word, string sentence)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        Assert.Equal(2, Arguments.Answer(["--Silo:Port=1", word], output, errors));
        Assert.Equal(("", sentence), ($"{output}", $"{errors}".TrimEnd()));
    }

    [Fact]
    public void Help_is_asked_for_and_settings_go_on()
    {
        var output = new StringWriter();
        Assert.Equal(0, Arguments.Answer(["--Silo:Port=1", "--help"], output, TextWriter.Null));
        Assert.Contains("--Section:Key=value", $"{output}");
        Assert.Null(Arguments.Answer(["--Silo:Port=1", "Http:Urls=http://127.0.0.1:1", "--Storage:Root", "/srv/x", "/Auth:Keys:0:Name=ada"], TextWriter.Null, TextWriter.Null));
        Assert.Null(Arguments.Answer([], TextWriter.Null, TextWriter.Null));
    }

    [Fact]
    public async Task Settings_that_are_no_JSON_are_a_sentence_and_exit_code_2()
    {
        var file = _folder.Write("appsettings.json", "{\n\"Silo\": secret");
        var error = Assert.Throws<InvalidDataException>(() => new ConfigurationBuilder().AddJsonFile(file).Build());
        Assert.Equal($"The settings in '{file}' cannot be read: it is no JSON at line 2; mend it there.", SettingFaults.Of(error));
        Assert.Equal(2, await Exit.CodeOf(() => throw error));
    }

    [Fact]
    public void A_value_of_another_kind_is_said_without_types()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Silo:Port", "zero")]).Build();
        var error = Assert.Throws<InvalidOperationException>(() => settings.GetSection("Silo").Get<SiloOptions>());
        Assert.Equal("Silo:Port is 'zero'; it must be a whole number, not too large.", SettingFaults.Of(error));
        Assert.Null(SettingFaults.Of(new InvalidOperationException("Something else.")));
    }

    [Theory]
    [InlineData("Orleans.Runtime.MembershipService.MembershipAgent", LogLevel.Warning, false)] // a stack for every try, while Redis is away
    [InlineData("Orleans.Runtime.MembershipService.MembershipTableManager", LogLevel.Warning, false)]
    [InlineData("Orleans.Runtime.MembershipService.MembershipTableManager", LogLevel.Error, true)]
    [InlineData("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Error, false)] // a client's mistakes; ours are logged as those of HTTP are
    [InlineData("FlowGrain.Silo.Admission", LogLevel.Warning, true)] // which says once that Redis is away
    public void The_log_as_it_is_set_has_one_line_a_matter(string category, LogLevel level, bool isWritten)
    {
        var settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "silo", "appsettings.json")).Build();
        using var loggers = LoggerFactory.Create(logging => logging.AddConfiguration(settings.GetSection("Logging")).AddConsole());
        Assert.Equal(isWritten, loggers.CreateLogger(category).IsEnabled(level));
    }
}
