using IncomingCalls.Shared;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Configuration;

namespace IncomingCalls.Tests.Shared;

public class ConfigurationSourcesTests
{
    [Fact]
    public void FindEmptied_FileDeletedAndRestored_IsFoundUntilItIsBack()
    {
        using var configuration = new ConfigurationManager();
        var file = ConfigurationFile.AddTo(configuration, """{ "Calls": { "Scenario": "Ignore" } }""");
        configuration.AddInMemoryCollection([new("Calls:Culture", "ru")]);
        var sources = new ConfigurationSources(configuration, ["Calls"]);
        sources.Remember();
        sources.FindEmptied().Should().BeNull();

        file.Write(null);
        $"{sources.FindEmptied()}".Should().Contain(ConfigurationFile.Name);

        file.Write("""{ "Other": "value" }""");
        sources.FindEmptied().Should().BeNull("the section was removed, but not the file");
    }

    [Fact]
    public void FindEmptied_FileWithoutTheSectionDeleted_IsNotFound()
    {
        using var configuration = new ConfigurationManager();
        var file = ConfigurationFile.AddTo(configuration, """{ "Other": "value" }""");
        var sources = new ConfigurationSources(configuration, ["Calls"]);
        sources.Remember();

        file.Write(null);

        sources.FindEmptied().Should().BeNull();
    }

    [Fact]
    public void FindEmptied_NoConfiguration_FindsNothing()
    {
        var sources = new ConfigurationSources(configuration: null, ["Calls"]);

        sources.Remember();

        sources.FindEmptied().Should().BeNull();
    }
}
