using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Sqlite.Tests.Files;

public class LockTimeoutTests
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task LockTimeout_Expires_StopsTheHostWithAnError()
    {
        using var folder = new InboxFolder();
        using var other = new FileStream($"{folder.Path}.lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var host = await SqliteHost.StartAsync(folder.Path, options => options.LockTimeout = LockTimeout);
        var logs = host.Logs;
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        host.Clock.Advance(LockTimeout - TimeSpan.FromSeconds(1));
        stopping.IsCancellationRequested.Should().BeFalse();
        await host.WaitUntilAsync(() => stopping.IsCancellationRequested, TimeSpan.FromSeconds(1));

        // RunAsync of the host throws this exception, so that the process exits with an error code.
        var ending = () => host.DisposeAsync().AsTask();
        (await ending.Should().ThrowAsync<InvalidOperationException>()).WithMessage($"*{folder.Path} is in use by another process*IncomingCalls:Sqlite:Path*");
        logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 4002).Which.Message.Should().Contain("is in use by another process");
    }

    [Fact]
    public async Task LockTimeout_HostStopsMeanwhile_EndsGracefully()
    {
        using var folder = new InboxFolder();
        using var other = new FileStream($"{folder.Path}.lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var host = await SqliteHost.StartAsync(folder.Path, options => options.LockTimeout = LockTimeout);
        var logs = host.Logs;

        await host.DisposeAsync();

        logs.GetSnapshot().Should().NotContain(record => record.Id.Id == 4002);
    }
}
