namespace IncomingCalls.CrashTests;

/// <summary>
/// A chat recorder, which waits for the caller's name. It returns some time after it has recorded its effect, so that a stop has attempts to
/// wait for.
/// </summary>
internal sealed class ChatRecorder(EffectsFile effects, CurrentEvent current) : IChatRecorder
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(30);

    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        effects.Append(current.Value!, HandlerNames.Chat, EffectResult.Done);
        await Task.Delay(Duration, TimeProvider.System, CancellationToken.None);
    }
}

/// <summary>The event of an attempt, for the chat recorder of the same scope.</summary>
internal sealed class CurrentEvent
{
    public CallEvent? Value { get; set; }
}
