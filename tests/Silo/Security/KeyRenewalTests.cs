using FlowGrain.Tests.Silo.Api;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>Keys that change while the silo runs.</summary>
public sealed class KeyRenewalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keys_of_the_settings_are_followed_and_a_change_that_cannot_be_used_leaves_them()
    {
        var file = _folder.Write("appsettings.json", Settings("ada", "first"));
        await using var host = await GuardedHost.Start([], file);
        Assert.Equal((200, 401), ((await host.Ask("first")).Status, (await host.Ask("second")).Status));

        _folder.Write("appsettings.json", Settings("ada", "second"));
        host.Reload();
        Assert.Equal((401, 200), ((await host.Ask("first")).Status, (await host.Ask("second")).Status));

        _folder.Write("appsettings.json", """{"Auth":{"Keys":[{"Name":"ada","Sha256":"second"}]}}""");
        host.Reload();
        Assert.Equal(200, (await host.Ask("second")).Status);
        Assert.Contains("FlowGrain.Silo.Security.KeyRing: The keys of the API stay as they were: Auth:Keys:0:Sha256 must be the SHA-256 of a key, 64 hexadecimal digits, as sha256sum prints it.", host.Logged);
    }

    [Fact]
    public async Task A_mistyped_role_or_a_file_that_is_no_JSON_leaves_the_keys_and_is_said_once()
    {
        var file = _folder.Write("appsettings.json", Settings("ada", "first"));
        await using var host = await GuardedHost.Start([], file);
        _folder.Write("appsettings.json", $$$"""{"Auth":{"Keys":[{"Name":"ada","Sha256":"{{{OneSilo.Sha256("first")}}}","Role":"opperator"}]}}""");
        host.Reload();
        host.Reload();
        Assert.Equal(200, (await host.Ask("first")).Status);

        _folder.Write("appsettings.json", "{\n\"Auth\": secret");
        Assert.Throws<InvalidDataException>(host.Reload);
        Assert.Throws<InvalidDataException>(host.Reload);
        Assert.Equal(200, (await host.Ask("first")).Status);
        Assert.Equal(
            [
                "FlowGrain.Silo.Security.KeyRing: The keys of the API stay as they were: Auth:Keys:0:Role is 'opperator'; it must be viewer or operator.",
                $"FlowGrain.Silo.Security.KeyRing: The keys of the API stay as they were: The settings in '{file}' cannot be read: it is no JSON at line 2; mend it there.",
            ],
            host.Logged.Where(line => line.Contains("KeyRing", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Auth:Keys:0:Role=admin", "Auth:Keys:0:Role is 'admin'; it must be viewer or operator.")]
    [InlineData("Auth:Keys:0:Role=7", "Auth:Keys:0:Role is '7'; it must be viewer or operator.")]
    [InlineData("Auth:Keys:1=bob", "Auth:Keys:1 is one value, and must have settings below it, such as Auth:Keys:1:Name.")]
    [InlineData("Auth:Keys=bob", "Auth:Keys is one value, and must be a list; write Auth:Keys:0 for its first.")]
    public async Task A_key_that_the_settings_would_lose_is_refused_at_the_start(string setting, string sentence)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedHost.Start(["Auth:Keys:0:Name=ada", $"Auth:Keys:0:Sha256={OneSilo.Sha256("first")}", setting]));
        Assert.Equal([sentence], refused.Failures);
    }

    [Fact]
    public async Task Who_takes_the_last_key_away_shuts_the_api()
    {
        var file = _folder.Write("appsettings.json", Settings("ada", "first"));
        await using var host = await GuardedHost.Start([], file);
        _folder.Write("appsettings.json", "{}");
        host.Reload();
        Assert.Equal((401, 401), ((await host.Ask("first")).Status, (await host.Ask(key: null)).Status));
    }

    [Fact]
    public async Task Keys_of_a_file_count_beside_those_of_the_settings_and_are_followed()
    {
        var file = _folder.Write("keys.json", Keys("bob", "first", "operator"));
        await using var host = await GuardedHost.Start([$"Auth:KeysFile={file}", "Auth:Keys:0:Name=ada", $"Auth:Keys:0:Sha256={OneSilo.Sha256("look")}"]);
        Assert.Equal((200, 403), ((await host.Ask("first", method: "DELETE")).Status, (await host.Ask("look", method: "DELETE")).Status));

        _folder.Write("keys.json", Keys("bob", "second", "viewer"));
        host.Look();
        Assert.Equal((401, 403), ((await host.Ask("first", method: "DELETE")).Status, (await host.Ask("second", method: "DELETE")).Status));
        Assert.Equal(200, (await host.Ask("look")).Status);
    }

    [Theory]
    [InlineData("""{"keys":[{"name":"bob","sha256":"secret"}]}""", "has a key whose sha256 is not 64 hexadecimal digits; write what sha256sum prints of it.")]
    [InlineData("""{"keys":[{"name":"bob","sha256":"secret","rolle":"viewer"}]}""", """is no {"keys": [{"name", "sha256", "role"}]} at line 1; mend it there.""")]
    [InlineData("""{"keys":[{"name":" ","sha256":"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"}]}""", "has a key without a name; say whose it is.")]
    [InlineData("""{"keys":[{"name":"secretary","sha256":"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"},{"name":"secretary","sha256":"3bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"}]}""", "has a name twice, or one that a key of Auth:Keys has; give each key a name of its own.")]
    [InlineData("""{"keys":[{"name":"ada","sha256":"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"}]}""", "has a name twice, or one that a key of Auth:Keys has; give each key a name of its own.")]
    [InlineData("{\n\"keys\":[secret", """is no {"keys": [{"name", "sha256", "role"}]} at line 2; mend it there.""")]
    [InlineData("""{"keys":[{"name":"bob","sha256":"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b","role":"secretary"}]}""", "has a key whose role is neither viewer nor operator, at line 1; write one of the two.")]
    [InlineData(null, "is not there; put it there, or name another.")]
    public async Task A_file_that_cannot_be_used_is_said_once_without_its_content_and_the_keys_stay(string? content, string sentence)
    {
        var file = _folder.Write("keys.json", Keys("bob", "first", "operator"));
        await using var host = await GuardedHost.Start([$"Auth:KeysFile={file}", "Auth:Keys:0:Name=ada", $"Auth:Keys:0:Sha256={OneSilo.Sha256("look")}"]);
        if (content is null) File.Delete(file);
        else _folder.Write("keys.json", content);
        host.Look();
        host.Look();
        Assert.Equal(200, (await host.Ask("first")).Status);
        Assert.Equal([$"FlowGrain.Silo.Security.KeyRing: The keys of the API stay as they were: Auth:KeysFile is '{file}', which {sentence}"], host.Logged.Where(line => line.Contains("KeyRing", StringComparison.Ordinal)));
        Assert.DoesNotContain(host.Logged, line => line.Contains("secret", StringComparison.Ordinal));
    }

    private static string Keys(string name, string key, string role) => $$"""{"keys":[{"name":"{{name}}","sha256":"{{OneSilo.Sha256(key)}}","role":"{{role}}"}]}""";

    private static string Settings(string name, string key) => $$"""{"Auth":{"Keys":[{"Name":"{{name}}","Sha256":"{{OneSilo.Sha256(key)}}"}]} }""";
}
