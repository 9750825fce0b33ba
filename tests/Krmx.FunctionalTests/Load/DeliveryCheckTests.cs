using System.Text;
using Krmx.Load;
using Krmx.Load.Loads;

namespace Krmx.FunctionalTests.Load;

public class DeliveryCheckTests
{
    private const int Clients = 2, Senders = 2, Sent = 5;

    [Theory]
    [InlineData("1 2 3 4 5", 0, 0, 0)]
    [InlineData("", 5, 0, 0)]
    [InlineData("1 2 3", 2, 0, 0)]
    [InlineData("2 3 5", 2, 0, 0)]
    [InlineData("1 2 2 3 3 3 4 5", 0, 3, 0)]
    [InlineData("1 3 2 4 5", 0, 0, 1)]
    [InlineData("5 4 3 2 1", 0, 0, 4)]
    [InlineData("5 3 1 4 2", 0, 0, 4)]
    [InlineData("5 3 3 1", 2, 1, 2)]
    public void WhatCame_IsToldFromWhatIsMissing(string numbers, int lost, int doubled, int outOfOrder)
    {
        DeliveryCheck check = Of(Sent);
        int taken = 0;
        foreach (string number in numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            taken += Take(check, client: 1, sender: 1, int.Parse(number, null)) ? 1 : 0;

        Assert.Equal(Sent - lost, taken);
        Assert.Equal((doubled, outOfOrder), (check.Doubled, check.OutOfOrder));

        // Each of two clients wants the messages of two senders, and the others have had none.
        Assert.Equal((Clients * Senders * Sent) - taken, check.Lost);
    }

    [Fact]
    public void EveryClientAndSender_HasACountOfItsOwn()
    {
        DeliveryCheck check = Of(Sent);
        for (int number = 1; number <= Sent; number++)
        {
            for (int i = 0; i < Clients * Senders; i++)
                Assert.True(Take(check, i / Senders, i % Senders, number));
        }
        Assert.True(check.IsFlawless);
        Assert.Equal(Senders * Sent, check.Sent);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(0, 0)]
    [InlineData(2, 1)]
    public void WhatNobodySent_IsAnError(int sender, int number) => Assert.Throws<LoadException>(() => Take(Of(Sent), 0, sender, number));

    [Theory]
    [InlineData("~")]
    [InlineData("~0001")]
    [InlineData("~000100000000000000000000000000000x")]
    public void AChangedMessage_IsAnError(string text) => Assert.Throws<LoadException>(() => Of(Sent).Take(0, Encoding.UTF8.GetBytes(text)));

    private static DeliveryCheck Of(int sent)
    {
        var check = new DeliveryCheck(Clients, Senders);
        for (int sender = 0; sender < Senders; sender++)
        {
            for (int i = 1; i <= sent; i++)
                Assert.Equal(i, check.Next(sender));
        }
        return check;
    }

    private static bool Take(DeliveryCheck check, int client, int sender, int number) =>
        check.Take(client, Encoding.UTF8.GetBytes(Marks.Body(sender, due: 1, number, Marks.MinLength)));
}
