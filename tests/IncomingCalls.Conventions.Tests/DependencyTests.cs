using System.Reflection;

namespace IncomingCalls.Conventions.Tests;

public class DependencyTests
{
    private static readonly string[] CoreMayUse =
    [
        "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.Configuration.Abstractions",
        "Microsoft.Extensions.Configuration.Binder",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Diagnostics.Abstractions",
        "Microsoft.Extensions.Diagnostics.HealthChecks",
        "Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions",
        "Microsoft.Extensions.Hosting.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options",
        "Microsoft.Extensions.Options.ConfigurationExtensions",
        "Microsoft.Extensions.Primitives",
    ];

    [Fact]
    public void Core_Dependencies_AreAbstractionsAlone() =>
        References(Package.Core).Where(name => !name.StartsWith("System", StringComparison.Ordinal)).Should().BeSubsetOf(CoreMayUse);

    /// <summary>System.Net.Http and its status codes are there for the type of a response, whose Retry-After header a handler may pass on.</summary>
    [Fact]
    public void Core_Dependencies_HoldNoNetworkAndNoStorage()
    {
        References(Package.Core).Except(["System.Net.Http", "System.Net.Primitives"]).Should()
            .NotContain(name => name.StartsWith("System.Net", StringComparison.Ordinal) || name.StartsWith("System.Data", StringComparison.Ordinal));
        Repository.Files("*.cs").Where(static path => Repository.Relative(path).StartsWith("src/IncomingCalls/", StringComparison.Ordinal))
            .Where(static path => File.ReadAllText(path).Contains("HttpClient", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void Transports_KnowTheCoreAndNotEachOther()
    {
        Siblings(Package.Core).Should().BeEmpty();
        Siblings(Package.AspNetCore).Should().Equal("IncomingCalls");
        Siblings(Package.GreenApi).Should().Equal("IncomingCalls");
        Siblings(Package.Testing).Should().BeSubsetOf(["IncomingCalls"]);
    }

    [Fact]
    public void Orleans_KnowsTheCoreAlone() => Siblings(Package.Orleans).Should().Equal("IncomingCalls");

    [Fact]
    public void Orleans_IsWhereItsNameStandsAndNowhereElse() =>
        Package.All.Except([Package.Orleans]).SelectMany(References).Should().NotContain(name => name.StartsWith("Orleans", StringComparison.Ordinal) || name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal));

    [Fact]
    public void Packages_AreNotBuiltOnTheCommandLine() =>
        Package.All.SelectMany(References).Should().NotContain(name => name == "incoming-calls" || name == "System.CommandLine" || name.StartsWith("Spectre", StringComparison.Ordinal));

    [Fact]
    public void GreenApi_RunsInAWorkerWithoutAspNetCore() =>
        References(Package.GreenApi).Should().NotContain(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Packages_ReferenceNoTestFramework() =>
        Package.All.SelectMany(References).Should().NotContain(name => name.StartsWith("xunit", StringComparison.Ordinal) || name.StartsWith("FluentAssertions", StringComparison.Ordinal));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static IEnumerable<string> Siblings(Assembly assembly) => References(assembly).Where(name => name.StartsWith("IncomingCalls", StringComparison.Ordinal));
}
