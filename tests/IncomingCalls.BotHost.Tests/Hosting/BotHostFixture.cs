namespace IncomingCalls.BotHost.Tests.Hosting;

/// <summary>A bot for the tests of a class that leave no traces in its chat.</summary>
public sealed class BotHostFixture : IAsyncLifetime
{
    internal BotHostProcess Bot { get; private set; } = null!;

    public async Task InitializeAsync() => Bot = await BotHostProcess.StartAsync();

    public async Task DisposeAsync() => await Bot.DisposeAsync();
}
