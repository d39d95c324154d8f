using Orleans;

namespace IncomingCalls.LoadTests;

/// <summary>The grain that somebody without this library would write for a call.</summary>
internal interface IBaselineCallGrain : IGrainWithStringKey
{
    /// <summary>Keeps what was reported, has it handled, and keeps that it was.</summary>
    Task HandleAsync(string status, string from, long timestamp);
}
