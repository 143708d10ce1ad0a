using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Silo.Security;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>Folders of the silo in sentences for clients.</summary>
public sealed class StorageNamesTests
{
    private readonly StorageNames _names = new(Options.Create(new StorageOptions { Root = "/srv/flow" }), Options.Create(new DataOptions { Roots = ["/srv/flow/in", "/data/", "/"] }));

    [Theory]
    [InlineData("no other under '/srv/flow/models'; train", "no other under 'Storage:Root/models'; train")]
    [InlineData("'/srv/flow' is full.", "'Storage:Root' is full.")]
    [InlineData("/srv/flow/in/a.csv and /data/b.csv", "Data:Roots:0/a.csv and Data:Roots:1/b.csv")]
    [InlineData("'/home/ada/data/b.csv', /srv/flows/x, /srv/flow-2, 'data/b.csv'", "'/home/ada/data/b.csv', /srv/flows/x, /srv/flow-2, 'data/b.csv'")]
    public void They_are_named_by_their_settings_and_others_stay(string sentence, string hidden) => Assert.Equal(hidden, _names.Hide(sentence));
}
