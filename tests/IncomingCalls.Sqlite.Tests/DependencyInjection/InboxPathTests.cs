using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Sqlite.Tests.DependencyInjection;

/// <summary>Which file the inbox uses, and what the log says about it when the host starts.</summary>
public sealed class InboxPathTests : IDisposable
{
    private readonly DirectoryInfo _contentRoot = Directory.CreateTempSubdirectory("inbox-path-");

    public void Dispose() => _contentRoot.Delete(recursive: true);

    [Fact]
    public async Task Start_PathInTheConfiguration_IsUsedAndLoggedAsAnAbsolutePath()
    {
        using var host = Build(calls => calls.UseSqliteInbox(), configuredPath: "data/calls.db");

        await host.StartAsync();

        var path = AbsolutePath("data", "calls.db");
        File.Exists(path).Should().BeTrue();
        var opened = Logs(host, 4001).Should().ContainSingle().Which;
        opened.Level.Should().Be(LogLevel.Information);
        opened.Message.Should().Be($"The inbox file {path} is open.");
        Logs(host, 4015).Should().BeEmpty();
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_PathInCodeAndAnotherInTheConfiguration_WarnsAndNamesBothAndTheOneInUse()
    {
        using var host = Build(calls => calls.UseSqliteInbox("code.db"), configuredPath: "data/calls.db");

        await host.StartAsync();

        var (used, ignored) = (AbsolutePath("code.db"), AbsolutePath("data", "calls.db"));
        File.Exists(used).Should().BeTrue();
        File.Exists(ignored).Should().BeFalse();
        var warning = Logs(host, 4015).Should().ContainSingle().Which;
        warning.Level.Should().Be(LogLevel.Warning);
        warning.Message.Should().Be($"IncomingCalls:Sqlite:Path is {ignored}, but code sets the path {used} (UseSqliteInbox), which is used. Remove one of the two.");
        Logs(host, 4001).Should().ContainSingle().Which.Message.Should().Contain(used);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("data/calls.db")]
    [InlineData("./data/../data/calls.db")]
    public async Task Start_PathInCodeAndTheSameOrNoneInTheConfiguration_DoesNotWarn(string? configuredPath)
    {
        using var host = Build(calls => calls.UseSqliteInbox("data/calls.db"), configuredPath);

        await host.StartAsync();

        File.Exists(AbsolutePath("data", "calls.db")).Should().BeTrue();
        Logs(host, 4015).Should().BeEmpty();
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_NoPath_FailsAndSaysWhereToWriteIt()
    {
        using var host = Build(calls => calls.UseSqliteInbox(), configuredPath: null);

        (await host.Awaiting(starting => starting.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
            .WithMessage("IncomingCalls:Sqlite:Path is missing. Write the path of a file, for example data/calls.db, or call UseSqliteInbox(\"data/calls.db\").");
    }

    [Fact]
    public async Task Start_MisspeltPath_IsLoggedBesideTheFailure()
    {
        using var host = Build(calls => calls.UseSqliteInbox(), configuredPath: "data/calls.db", key: "Pth");

        await host.Awaiting(starting => starting.StartAsync()).Should().ThrowAsync<OptionsValidationException>();

        Logs(host, 901).Should().ContainSingle().Which.GetStructuredStateValue("NearestKey").Should().Be("IncomingCalls:Sqlite:Path");
    }

    private static IEnumerable<FakeLogRecord> Logs(IHost host, int id) => host.Services.GetFakeLogCollector().GetSnapshot().Where(log => log.Id.Id == id);

    private string AbsolutePath(params string[] relative) => Path.Combine([_contentRoot.FullName, .. relative]);

    private IHost Build(Action<IIncomingCallsBuilder> useInbox, string? configuredPath, string key = "Path")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = _contentRoot.FullName });
        builder.Configuration.AddInMemoryCollection(configuredPath is null ? [] : [new($"IncomingCalls:Sqlite:{key}", configuredPath)]);
        builder.Logging.AddFakeLogging();
        useInbox(builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls")));
        return builder.Build();
    }
}
