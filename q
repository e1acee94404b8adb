similar ÿ
