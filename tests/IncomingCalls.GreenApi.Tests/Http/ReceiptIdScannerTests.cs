using System.Text;
using IncomingCalls.GreenApi.Http;

namespace IncomingCalls.GreenApi.Tests.Http;

public sealed class ReceiptIdScannerTests
{
    [Theory]
    [InlineData("""{"receiptId":5000000001,"body":{"receiptId":1}}""", 5000000001L)]
    [InlineData("""{"body":{"receiptId":1,"a":[1,{"receiptId":2}]},"x":"receiptId","receiptId":"42"}""", 42L)]
    [InlineData("""{ "a" : "\\\"{[", "b" : -1.5e3, "c" : null, "receiptId" : 7 , "d" : 8 }""", 7L)]
    [InlineData("""{"receiptId":[7],"a":1}""", null)]
    [InlineData("""{"receiptId":{"x":7},"receiptId":8}""", 8L)]
    [InlineData("""{"receiptId":99999999999999999999999999,"a":1}""", null)]
    [InlineData("""{"a":"receiptId","b":7}""", null)]
    [InlineData("""{"receiptId":7""", null)]
    public void Scan_ByteByByte_FindsTheOutermostNumber(string json, long? receiptId)
    {
        var scanner = new ReceiptIdScanner();

        foreach (var b in Encoding.UTF8.GetBytes(json))
        {
            scanner.Scan([b]);
        }

        scanner.ReceiptId.Should().Be(receiptId);
    }
}
