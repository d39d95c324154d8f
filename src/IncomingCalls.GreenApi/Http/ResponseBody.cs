using System.Buffers;

namespace IncomingCalls.GreenApi.Http;

/// <summary>Reads the beginning of a body. The buffer starts small and grows as data arrives, because most polls return an empty body.</summary>
internal static class ResponseBody
{
    private const int InitialBufferSize = 4 * 1024;

    /// <summary>Reads until the end of the body or until the limit, whichever comes first.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(InitialBufferSize, limit));
        var length = 0;
        try
        {
            while (length < limit)
            {
                buffer = length == buffer.Length ? Grow(buffer, limit) : buffer;
                var room = Math.Min(buffer.Length, limit) - length;
                var read = await stream.ReadAsync(buffer.AsMemory(length, room), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int limit)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, limit));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
