using IncomingCalls.CrashTests;

if (args is ["host", .. var settings])
{
    return await CallHost.RunAsync(HostSettings.Parse(settings));
}

try
{
    return await new Campaign(CampaignOptions.Parse(args), TimeProvider.System, Console.Out).RunAsync() ? 0 : 1;
}
catch (ArgumentException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
