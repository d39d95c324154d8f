namespace IncomingCalls;

/// <summary>An <c>instanceData</c> and what it says.</summary>
internal sealed class KnownInstance(byte[] utf8Json, InstanceData instance)
{
    public byte[] Utf8Json => utf8Json;

    public InstanceData Instance => instance;
}
