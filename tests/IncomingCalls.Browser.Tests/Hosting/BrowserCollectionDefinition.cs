namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>All tests, one after another: one browser, and two cores are enough for it.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollectionDefinition : ICollectionFixture<BrowserFixture>
{
    public const string Name = "Browser";
}
